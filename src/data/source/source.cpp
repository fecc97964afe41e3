// SPDX-License-Identifier: MIT
#include "tequio/data/source.hpp"

#include <filesystem>
#include <iterator>
#include <utility>

#include "data/source/pattern.hpp"
#include "data/text/text.hpp"
#include "tequio/data/file.hpp"
#include "tequio/error.hpp"

namespace tequio::data {
namespace {

constexpr std::uint64_t most_list_bytes = std::uint64_t{64} << 20;

std::string without_credentials(const std::string& url) {
  const auto host = url.find("://") + 3;
  const auto end = std::min(url.find_first_of("/?#\\", host), url.size());
  const auto at = url.rfind('@', end);
  if (at == std::string::npos || at < host || at >= end) return url;
  return url.substr(0, host) + url.substr(at + 1);
}

bool is_there(const std::string& path) {
  std::error_code code;
  return std::filesystem::exists(std::filesystem::symlink_status(path, code));
}

void append_word(const std::string& word, std::vector<source>& sources) {
  if (is_there(word)) return sources.push_back(make_source(word));
  for (std::string& name : expand_braces(word)) {
    if (is_url(name) || !is_glob(name) || is_there(name)) {
      sources.push_back(make_source(std::move(name)));
      continue;
    }
    std::vector<std::string> found = match_glob(name);
    if (found.empty())
      throw error({.object = name, .problem = "no file matches", .cure = "check the folder and the pattern"});
    for (std::string& path : found) sources.push_back(make_source(std::move(path)));
  }
}

std::string read_list(const std::string& path) {
  const file list = open_file({.address = path, .label = "@" + path});
  if (list.size() > most_list_bytes)
    throw error({.object = list.name(),
                 .problem = "a list of " + grouped(list.size()) + " bytes",
                 .cure = "a list has one address per line, and at most 64 MiB"});
  std::string text(list.size(), '\0');
  list.read_at(std::as_writable_bytes(std::span(text)), 0);
  return text;
}

void append_list(const std::string& path, std::vector<source>& sources) {
  const std::string text = read_list(path);
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const auto first = line.find_first_not_of(" \t\r");
    if (first == std::string_view::npos || line[first] == '#') continue;
    append_word(std::string(line.substr(first, line.find_last_not_of(" \t\r") - first + 1)), sources);
  }
}

}  // namespace

bool is_url(std::string_view address) noexcept {
  return starts_as(address, "http://") || starts_as(address, "https://");
}

source make_source(std::string address) {
  std::string label = is_url(address) ? without_credentials(address) : address;
  return {.address = std::move(address), .label = std::move(label)};
}

std::vector<source> expand_sources(std::span<const std::string> words) {
  std::vector<source> sources;
  for (const std::string& word : words) {
    if (word.size() > 1 && word.front() == '@')
      append_list(word.substr(1), sources);
    else
      append_word(word, sources);
  }
  return sources;
}

bool is_named(const source& from, std::string_view ending) {
  std::string_view address = from.address;
  if (is_url(address)) address = address.substr(0, address.find_first_of("?#"));
  return ends_in(address, ending);
}

}  // namespace tequio::data
