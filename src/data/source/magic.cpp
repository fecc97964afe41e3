// SPDX-License-Identifier: MIT
#include "data/source/magic.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "data/text/text.hpp"
#include "tequio/data/format_error.hpp"
#include "tequio/data/source.hpp"

namespace tequio::data {
namespace {

/// A stream begins with its block size, a digit, and then its first block or, if it is empty, its end.
bool is_bzip2(std::string_view text) {
  constexpr std::size_t header_bytes = 4;
  if (!text.starts_with("BZh") || text.size() < header_bytes) return false;
  const std::string_view first = text.substr(header_bytes);
  return first.starts_with("1AY&SY") || first.starts_with("\x17rE8P\x90");
}

bool is_html(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  return starts_as(text, "<!doctype html") || starts_as(text, "<html") || starts_as(text, "<head");
}

}  // namespace

content_kind content_of(std::span<const std::byte> first_bytes) {
  using namespace std::string_view_literals;
  const std::string_view text(reinterpret_cast<const char*>(first_bytes.data()), first_bytes.size());
  if (text.starts_with("PK\3\4"sv) || text.starts_with("PK\5\6"sv)) return content_kind::zip;
  if (text.starts_with("\x1f\x8b"sv)) return content_kind::gzip;
  if (text.starts_with("\x28\xb5\x2f\xfd"sv)) return content_kind::zstandard;
  if (is_bzip2(text)) return content_kind::bzip2;
  if (text.starts_with("\xfd\x37zXZ\0"sv)) return content_kind::xz;
  return is_html(text) ? content_kind::html : content_kind::plain;
}

content_kind content_of(const file& content) {
  std::array<std::byte, 256> first{};
  return content_of(std::span(first).first(content.read_at(first, 0)));
}

void refuse_html(const std::string& name, const std::string& expected) {
  throw format_error({.object = name,
                      .problem = is_url(name) ? "the server answered an HTML page in place of " + expected
                                              : "is an HTML page, not " + expected,
                      .cure = is_url(name) ? "open the address in a browser to see what it says"
                                           : "fetch it again and look at what the server says"});
}

}  // namespace tequio::data
