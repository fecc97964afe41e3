// SPDX-License-Identifier: MIT
#include "data/magic.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "data/text.hpp"
#include "tequio/data/format_error.hpp"
#include "tequio/data/source.hpp"

namespace tequio::data {
namespace {

bool is_html(std::string_view text) noexcept {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  return starts_as(text, "<!doctype html") || starts_as(text, "<html") || starts_as(text, "<head");
}

}  // namespace

content_kind content_of(std::span<const std::byte> first_bytes) noexcept {
  using namespace std::string_view_literals;
  const std::string_view text(reinterpret_cast<const char*>(first_bytes.data()), first_bytes.size());
  if (text.starts_with("PK\3\4"sv) || text.starts_with("PK\5\6"sv)) return content_kind::zip;
  if (text.starts_with("\x1f\x8b"sv)) return content_kind::gzip;
  if (text.starts_with("\x28\xb5\x2f\xfd"sv)) return content_kind::zstandard;
  if (text.starts_with("BZh"sv) && text.substr(4).starts_with("1AY&SY"sv)) return content_kind::bzip2;
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
