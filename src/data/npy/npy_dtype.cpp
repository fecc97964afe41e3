// SPDX-License-Identifier: MIT
#include "data/npy/npy_dtype.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <set>

namespace tequio::data::npy_format {
namespace {

constexpr std::uint64_t largest_item = std::numeric_limits<std::int32_t>::max();  // NumPy's own limit

/// Names that NumPy takes for a kind and size.
struct alias {
  std::string_view name{};
  std::string_view means{};
};
constexpr std::array aliases{
    alias{"?", "b1"},           alias{"bool", "b1"},      alias{"b", "i1"},           alias{"B", "u1"},
    alias{"h", "i2"},           alias{"H", "u2"},         alias{"i", "i4"},           alias{"I", "u4"},
    alias{"l", "i8"},           alias{"L", "u8"},         alias{"q", "i8"},           alias{"Q", "u8"},
    alias{"p", "i8"},           alias{"P", "u8"},         alias{"e", "f2"},           alias{"f", "f4"},
    alias{"d", "f8"},           alias{"F", "c8"},         alias{"D", "c16"},          alias{"int8", "i1"},
    alias{"int16", "i2"},       alias{"int32", "i4"},     alias{"int64", "i8"},       alias{"uint8", "u1"},
    alias{"uint16", "u2"},      alias{"uint32", "u4"},    alias{"uint64", "u8"},      alias{"float16", "f2"},
    alias{"float32", "f4"},     alias{"float64", "f8"},   alias{"float", "f8"},       alias{"int", "i8"},
    alias{"complex64", "c8"},   alias{"complex", "c16"},  alias{"g", "f16"},          alias{"G", "c32"},
    alias{"complex128", "c16"}, alias{"float128", "f16"}, alias{"longdouble", "f16"}, alias{"complex256", "c32"}};

constexpr std::string_view letters = "biufcSaUVMmO";

std::optional<dtype_kind> kind_of(char letter, std::uint64_t size) {
  const auto one_of = [&](std::initializer_list<std::uint64_t> sizes) {
    return std::find(sizes.begin(), sizes.end(), size) != sizes.end();
  };
  switch (letter) {
    case 'b':
      if (size == 1) return dtype_kind::boolean;
      break;
    case 'i':
      if (one_of({1, 2, 4, 8})) return dtype_kind::signed_integer;
      break;
    case 'u':
      if (one_of({1, 2, 4, 8})) return dtype_kind::unsigned_integer;
      break;
    case 'f':
      if (one_of({2, 4, 8})) return dtype_kind::floating;
      break;
    case 'c':
      if (one_of({8, 16})) return dtype_kind::complex;
      break;
    case 'S':
      return dtype_kind::bytes;
    case 'U':
      return dtype_kind::text;
    case 'V':
      return dtype_kind::raw;
    case 'M':
      if (size == 8) return dtype_kind::datetime;
      break;
    case 'm':
      if (size == 8) return dtype_kind::timedelta;
      break;
    default:
      break;
  }
  return {};
}

/// "[s]", "[25us]".
bool is_unit(std::string_view text) {
  if (text.size() < 3 || text.front() != '[' || text.back() != ']') return false;
  text = text.substr(1, text.size() - 2);
  text.remove_prefix(std::min(text.find_first_not_of("0123456789"), text.size()));
  constexpr std::array<std::string_view, 13> units{"Y",  "M",  "W",  "D",  "h",  "m", "s",
                                                   "ms", "us", "ns", "ps", "fs", "as"};
  return std::find(units.begin(), units.end(), text) != units.end();
}

class reader {
 public:
  explicit reader(const header_text& text) : m_text(text) {}

  dtype any(const literal& descr) const {
    if (descr.is == literal::type::list) return record(descr);
    if (descr.is != literal::type::string)
      refuse(fmt::format("descr is not a dtype descriptor: {}", descr.excerpt()), descr);
    if (descr.text.find(',') == descr.text.npos) return simple(descr.text, descr);
    return comma_record(descr);
  }

 private:
  dtype simple(std::string_view name, const literal& at) const {
    const auto unknown = [&] { refuse(fmt::format("'{}' is not a dtype descriptor", printable(name)), at); };
    std::string_view rest = name;
    char order = '=';
    if (!rest.empty() && std::string_view("<>=|").find(rest.front()) != std::string_view::npos) {
      order = rest.front();
      rest.remove_prefix(1);
    }
    if (rest == "O" || rest == "O4" || rest == "O8" || rest == "object")
      refuse("an array of Python objects: its data is a pickle, which can run any program, and is never read", at,
             "save it with another dtype: numpy.save(path, array.astype(...))");
    for (const auto& known : aliases)
      if (rest == known.name) rest = known.means;
    if (rest.empty()) unknown();
    char letter = rest.front();
    if (letters.find(letter) == letters.npos) unknown();
    if (letter == 'a') letter = 'S';
    const std::uint64_t number = size_of(rest, letter).value_or(largest_item + 1);
    if ((letter == 'f' && number == 16) || (letter == 'c' && number == 32) || (letter == 'f' && number == 12))
      refuse(fmt::format("'{}' is long double, whose bytes differ between machines", printable(name)), at,
             "save it as float64: numpy.save(path, array.astype('f8'))");
    const auto kind = kind_of(letter, number);
    if (!kind || number > largest_item || (letter == 'U' && number > largest_item / 4)) unknown();
    return made(*kind, letter, order, number, unit_of(rest));
  }

  static dtype made(dtype_kind kind, char letter, char order, std::uint64_t number, std::string_view unit) {
    const bool ordered =
        kind == dtype_kind::text || (number > 1 && kind != dtype_kind::bytes && kind != dtype_kind::raw);
    const bool little = order == '<' || (order != '>' && std::endian::native == std::endian::little);
    const bool timed = kind == dtype_kind::datetime || kind == dtype_kind::timedelta;
    dtype type{.kind = kind,
               .order = !ordered ? std::endian::native
                        : little ? std::endian::little
                                 : std::endian::big,
               .item_bytes = kind == dtype_kind::text ? 4 * number : number,
               .descriptor{!ordered ? '|'
                           : little ? '<'
                                    : '>',
                           letter}};
    type.descriptor += std::to_string(timed ? 8 : number);
    type.descriptor += unit;
    return type;
  }

  static std::string_view unit_of(std::string_view rest) { return rest.substr(std::min(rest.find('['), rest.size())); }

  /// The number behind the letter. S, U, V, M and m may lack it; M and m may have a unit behind it.
  static std::optional<std::uint64_t> size_of(std::string_view rest, char letter) {
    const bool timed = letter == 'M' || letter == 'm';
    const bool sized = letter == 'S' || letter == 'U' || letter == 'V';
    const std::string_view unit = unit_of(rest);
    if (!unit.empty() && (!timed || !is_unit(unit))) return {};
    const std::string_view number = rest.substr(1, rest.size() - 1 - unit.size());
    if (number.empty() && (timed || sized)) return timed ? 8U : 0U;
    std::uint64_t size = 0;
    const auto parsed = std::from_chars(number.data(), number.data() + number.size(), size);
    if (parsed.ec != std::errc() || parsed.ptr != number.data() + number.size()) return {};
    return size;
  }

  dtype comma_record(const literal& descr) const {
    dtype type{.kind = dtype_kind::record, .item_bytes = 0, .descriptor = "["};
    std::string_view rest = descr.text;
    for (std::size_t index = 0; !rest.empty(); ++index) {
      const auto end = std::min(rest.find(','), rest.size());
      add_field(type, simple(rest.substr(0, end), descr), fmt::format("'f{}'", index), {}, 1, descr);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    type.descriptor += ']';
    return type;
  }

  dtype record(const literal& list) const {
    if (list.items.empty()) refuse("descr is a record without fields", list);
    dtype type{.kind = dtype_kind::record, .item_bytes = 0, .descriptor = "["};
    std::set<std::string_view> names;
    for (const literal& field : list.items) {
      const bool shaped = field.items.size() == 3;
      if (field.is != literal::type::tuple || (field.items.size() != 2 && !shaped))
        refuse(fmt::format("a field is not (name, descr) or (name, descr, shape): {}", field.excerpt()), field);
      const literal& name = name_of(field.items[0]);
      std::uint64_t repeats = 1;
      std::string shape;
      if (shaped) shape = ", " + sub_array(field.items[2], repeats);
      const dtype item = field_type(field.items[1], repeats, shape);
      const bool padding = name.text.empty() && item.kind == dtype_kind::raw;
      if (!padding && !names.insert(name.text).second)
        refuse(fmt::format("two fields are named {}", name.excerpt()), name);
      add_field(type, item, quoted(field.items[0]), shape, repeats, field);
    }
    type.descriptor += ']';
    return type;
  }

  /// A field's descriptor may itself be (descr, shape).
  dtype field_type(const literal& descr, std::uint64_t& repeats, std::string& shape) const {
    if (descr.is != literal::type::tuple || descr.items.size() != 2 || !shape.empty()) return any(descr);
    shape = ", " + sub_array(descr.items[1], repeats);
    return any(descr.items[0]);
  }

  /// The text of a field's shape; multiplies `repeats` by its lengths.
  std::string sub_array(const literal& shape, std::uint64_t& repeats) const {
    const bool single = shape.is == literal::type::integer;
    if (!single && shape.is != literal::type::tuple)
      refuse(fmt::format("a field's shape is not a tuple: {}", shape.excerpt()), shape);
    std::string text = "(";
    const auto multiply = [&](const literal& length) {
      const bool valid = length.is == literal::type::integer && !length.negative && !length.too_large;
      if (!valid || length.value > largest_item || (repeats *= length.value) > largest_item)
        refuse(fmt::format("a field's shape is not valid: {}", shape.excerpt()), shape);
      text += fmt::format("{}{}", text.size() > 1 ? ", " : "", length.value);
    };
    if (single) multiply(shape);
    for (const literal& length : shape.items) multiply(length);
    return text + (single || shape.items.size() == 1 ? ",)" : ")");
  }

  void add_field(dtype& type, const dtype& item, const std::string& name, const std::string& shape,
                 std::uint64_t repeats, const literal& at) const {
    type.item_bytes += item.item_bytes * repeats;  // both factors are below 2^31
    if (type.item_bytes > largest_item) refuse("a record of more than 2 GiB", at);
    const std::string inner = item.kind == dtype_kind::record ? item.descriptor : "'" + item.descriptor + "'";
    type.descriptor += fmt::format("{}({}, {}{})", type.descriptor.size() > 1 ? ", " : "", name, inner, shape);
  }

  /// The name itself, also of (title, name).
  const literal& name_of(const literal& name) const {
    const bool titled = name.is == literal::type::tuple && name.items.size() == 2;
    const literal& plain = titled ? name.items[1] : name;
    if (plain.is != literal::type::string)
      refuse(fmt::format("a field's name is not a string: {}", plain.excerpt()), name);
    return plain;
  }

  static std::string quoted(const literal& name) {
    if (name.is != literal::type::tuple) return "'" + name.text + "'";
    return fmt::format("({}, '{}')", name.items[0].excerpt(), name.items[1].text);
  }

  [[noreturn]] void refuse(const std::string& problem, const literal& at, const std::string& cure = {}) const {
    m_text.refuse(problem, at.source.data(), cure);
  }

  const header_text& m_text;
};

}  // namespace

dtype dtype_of(const literal& descr, const header_text& text) { return reader(text).any(descr); }

}  // namespace tequio::data::npy_format
