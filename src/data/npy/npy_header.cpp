// SPDX-License-Identifier: MIT
#include "tequio/data/npy_header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>
#include <string_view>

#include "data/npy/npy_dtype.hpp"
#include "data/npy/npy_literal.hpp"
#include "tequio/data/format_error.hpp"

namespace tequio::data {
namespace npy_format {
namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::size_t magic_and_version = 8;

[[noreturn]] void refuse(const std::string& object, const std::string& problem, const std::string& cure) {
  throw format_error({.object = object, .problem = problem, .cure = cure});
}

[[noreturn]] void refuse_end(const std::string& object, std::string_view what, std::size_t expected, std::size_t got) {
  refuse(object, fmt::format("EOF: reading {}, expected {} bytes got {}", what, expected, got),
         "the file is cut short: copy or write it again");
}

[[noreturn]] void refuse_foreign(const std::string& object, std::string_view start) {
  const std::string problem = fmt::format("not a .npy file: it starts with '{}'", printable(start.substr(0, 8)));
  if (start.starts_with("PK")) refuse(object, problem, "this is a zip archive: name it .npz to read the arrays in it");
  if (start.starts_with("\x1f\x8b")) refuse(object, problem, "this is compressed by gzip: unpack it first");
  if (start.starts_with("\x80")) refuse(object, problem, "this looks like a Python pickle: write it with numpy.save");
  refuse(object, problem, "give files written by numpy.save");
}

/// The text of the header, in the file's encoding, and what the bytes in front of it say.
header_text locate(std::string_view start, const std::string& object, const npy_options& options) {
  if (start.empty()) refuse(object, "empty file", "write it again with numpy.save");
  if (start.size() < magic.size() && magic.starts_with(start))
    refuse_end(object, "magic string of a .npy file", magic_and_version, start.size());
  if (!start.starts_with(magic)) refuse_foreign(object, start);
  if (start.size() < magic_and_version)
    refuse_end(object, "magic string of a .npy file", magic_and_version, start.size());
  const unsigned version = static_cast<unsigned char>(start[6]);
  const unsigned minor = static_cast<unsigned char>(start[7]);
  if (version < 1 || version > 3 || minor != 0)
    refuse(object, fmt::format("format version {}.{} at byte 6 is unknown; 1.0, 2.0 and 3.0 are known", version, minor),
           "write it again with numpy.save");
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  const std::size_t offset = magic_and_version + length_bytes;
  if (start.size() < offset) refuse_end(object, "array header length", length_bytes, start.size() - magic_and_version);
  std::size_t length = 0;
  for (std::size_t byte = offset; byte-- > magic_and_version;)
    length = length << 8U | static_cast<unsigned char>(start[byte]);
  const std::string_view characters = start.substr(offset, length);
  if (characters.size() < length && start.size() < npy_start_bytes(options))
    refuse_end(object, "array header", length, characters.size());
  const auto follows = [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U; };
  const auto followers = version < 3 ? 0 : std::count_if(characters.begin(), characters.end(), follows);
  const auto count = length - static_cast<std::size_t>(followers);
  if (characters.size() < length || count > options.header_characters)
    refuse(object,
           fmt::format("the header's {} characters are more than the {} that are believed", count,
                       options.header_characters),
           "if you trust the file, raise the limit on header characters");
  return {.characters = characters, .offset = offset, .version = version, .object = object};
}

/// Refuses what is not UTF-8; surrogates and overlong forms pass, they harm nobody here.
void check_utf8(const header_text& text) {
  std::size_t expected = 0;
  for (const char& character : text.characters) {
    const auto byte = static_cast<unsigned char>(character);
    const bool follows = (byte & 0xc0U) == 0x80U;
    if (follows != (expected > 0) || byte >= 0xf8U)
      text.refuse("the header of a version 3.0 file is not UTF-8", &character);
    if (follows) {
      --expected;
    } else {
      expected = byte < 0x80U ? 0 : byte < 0xe0U ? 1 : byte < 0xf0U ? 2 : 3;
    }
  }
  if (expected > 0) text.refuse("the header of a version 3.0 file ends inside a character", text.characters.end());
}

/// Refuses what is no dict, and keys that are not of the format or come twice.
void check_keys(const literal& dict, const header_text& text) {
  if (dict.is != literal::type::dict)
    text.refuse(fmt::format("the header is not a dict: {}", dict.excerpt()), dict.source.data());
  std::set<std::string_view> seen;
  for (std::size_t index = 0; index < dict.items.size(); index += 2) {
    const literal& key = dict.items[index];
    const bool known =
        key.is == literal::type::string && (key.text == "descr" || key.text == "fortran_order" || key.text == "shape");
    if (!known)
      text.refuse(fmt::format("the header has the key {}, which is not of the format", key.excerpt()),
                  key.source.data());
    if (!seen.insert(key.text).second)
      text.refuse(fmt::format("the header has the key {} twice", key.excerpt()), key.source.data());
  }
}

const literal& value_of(std::string_view key, const literal& dict, const header_text& text) {
  for (std::size_t index = 0; index < dict.items.size(); index += 2)
    if (dict.items[index].text == key) return dict.items[index + 1];
  text.refuse(fmt::format("the header lacks the key '{}'", key), dict.source.data());
}

npy_shape shape_of(const literal& shape, const header_text& text) {
  const auto refuse_shape = [&](const std::string& why) {
    text.refuse(fmt::format("the shape is not valid: {}: {}", why, shape.excerpt()), shape.source.data());
  };
  if (shape.is != literal::type::tuple) refuse_shape("it is not a tuple");
  if (shape.items.size() > npy_most_axes)
    refuse_shape(fmt::format("{} axes are more than {}", shape.items.size(), npy_most_axes));
  npy_shape lengths;
  lengths.reserve(shape.items.size());
  for (const literal& length : shape.items) {
    if (length.is != literal::type::integer) refuse_shape(length.excerpt() + " is not an integer");
    if (length.negative && length.value != 0) refuse_shape(length.excerpt() + " is negative");
    if (length.too_large) refuse_shape(length.excerpt() + " is too large");
    lengths.push_back(length.value);
  }
  return lengths;
}

/// Count and bytes, by multiplication that cannot wrap.
void measure(npy_header& header, const literal& shape, const header_text& text) {
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
  const bool empty = std::find(header.shape.begin(), header.shape.end(), 0U) != header.shape.end();
  header.count = empty ? 0 : 1;
  bool wraps = false;
  for (const auto length : header.shape) wraps = wraps || __builtin_mul_overflow(header.count, length, &header.count);
  wraps = wraps || __builtin_mul_overflow(header.count, header.type.item_bytes, &header.data_bytes);
  if (wraps || header.count > most || header.data_bytes > most)
    text.refuse(fmt::format("the shape is not valid: {} elements of {} bytes are more than a file holds",
                            shape.excerpt(), header.type.item_bytes),
                shape.source.data());
}

npy_header parse(std::string_view start, const std::string& object, const npy_options& options) {
  const auto text = locate(start, object, options);
  if (text.version == 3) check_utf8(text);
  const literal dict = parse_literal(text);
  check_keys(dict, text);
  const literal& descr = value_of("descr", dict, text);
  const literal& fortran_order = value_of("fortran_order", dict, text);
  const literal& shape = value_of("shape", dict, text);
  if (fortran_order.is != literal::type::boolean)
    text.refuse(fmt::format("fortran_order is not True or False: {}", fortran_order.excerpt()),
                fortran_order.source.data());
  npy_header header{.type = dtype_of(descr, text),
                    .shape = shape_of(shape, text),
                    .order = fortran_order.value != 0 ? memory_order::fortran : memory_order::c,
                    .data_offset = text.offset + text.characters.size(),
                    .version = text.version};
  measure(header, shape, text);
  return header;
}

}  // namespace
}  // namespace npy_format

npy_header parse_npy_header(std::span<const std::byte> start, const std::string& object, const npy_options& options) {
  return npy_format::parse({reinterpret_cast<const char*>(start.data()), start.size()}, object, options);
}

}  // namespace tequio::data
