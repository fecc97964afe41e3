// SPDX-License-Identifier: MIT
#include "value_checks.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "tequio/data/numpy_rule.hpp"
#include "tequio/error.hpp"

namespace tequio::cli {
namespace {

template <class Number>
std::optional<Number> parse(std::string_view text) {
  Number number{};
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = code == std::errc() && end == text.data() + text.size();
  return whole ? std::optional(number) : std::nullopt;
}

}  // namespace

CLI::Validator whole_number(std::uint64_t first, std::uint64_t last) {
  return CLI::Validator(
      [=](const std::string& text) {
        const auto number = parse<std::uint64_t>(text);
        if (number && *number >= first && *number <= last) return std::string();
        const bool open = last == std::numeric_limits<std::uint64_t>::max();
        return open ? fmt::format("'{}' is not a whole number", text)
                    : fmt::format("'{}' is not a whole number from {} to {}", text, first, last);
      },
      "");
}

CLI::Validator dimension() {
  const CLI::Validator number = whole_number(0, std::numeric_limits<std::uint64_t>::max());
  return CLI::Validator(
      [number](std::string& text) {
        // (3, 4) as Python writes a shape
        std::string shape = text;
        std::erase_if(shape, [](char c) { return c == ' ' || c == '(' || c == ')'; });
        const bool tuple = shape.find(',') != std::string::npos && shape.find_first_not_of("0123456789,") == shape.npos;
        if (!tuple) return number(text);
        if (shape.ends_with(',')) shape.pop_back();
        std::ranges::replace(shape, ',', 'x');
        return fmt::format("'{}' is not a whole number; write {}", text, shape);
      },
      "");
}

CLI::Validator result_file() {
  struct packer {
    std::string_view ending;
    std::string_view program;
  };
  static constexpr std::array<packer, 5> packers{
      {{".gz", "gzip"}, {".zip", ""}, {".zst", "zstd"}, {".xz", "xz"}, {".bz2", "bzip2"}}};
  return CLI::Validator(
      [](const std::string& path) {
        if (path.empty()) return std::string("'' names no file");
        const auto found = std::ranges::find_if(packers, [&](const packer& one) { return path.ends_with(one.ending); });
        if (found == packers.end()) return std::string();
        const std::string plain = path.substr(0, path.size() - found->ending.size());
        const std::string pipe =
            found->program.empty() ? "" : fmt::format(", or leave out -o and pipe: | {} > {}", found->program, path);
        return fmt::format("'{}': results are written uncompressed; name {} and compress it then{}", path,
                           plain.empty() || plain.ends_with('/') ? "FILE.csv" : plain, pipe);
      },
      "");
}

CLI::Validator number_above(double low, double high, std::string what) {
  return CLI::Validator(
      [=, what = std::move(what)](const std::string& text) {
        const auto number = parse<double>(text);
        const bool good = number && std::isfinite(*number) && *number > low && *number <= high;
        return good ? std::string() : fmt::format("'{}' is not {}", text, what);
      },
      "");
}

CLI::Validator numpy_version() {
  return CLI::Validator(
      [](const std::string& text) {
        try {
          static_cast<void>(data::numpy_rule_of(text));
          return std::string();
        } catch (const error& wrong) {
          return std::string(wrong.what());
        }
      },
      "");
}

CLI::Validator finite_number() {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  return number_above(-infinity, infinity, "a number");
}

CLI::Validator one_of(std::vector<std::string> words) {
  return CLI::Validator(
      [words = std::move(words)](const std::string& text) {
        if (std::ranges::find(words, text) != words.end()) return std::string();
        return fmt::format("'{}' is none of {}", text, fmt::join(words, ", "));
      },
      "");
}

}  // namespace tequio::cli
