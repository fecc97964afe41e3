// SPDX-License-Identifier: MIT
#include "tequio/data/stats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "data/stats/complex_order.hpp"
#include "data/stats/stats_convert.hpp"
#include "data/stats/stats_kernels.hpp"
#include "data/stats/sum_order.hpp"
#include "tequio/data/format_error.hpp"
#include "tequio/detail/base/numpy_sum_rule.hpp"

namespace tequio::data {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t block_items = detail::numpy_sum_rule::block;

/// Adds up what `sum_of(bytes, count)` gives for `count` elements in parts of up to a block, in the order of `parts`.
/// An element is `item_numbers` of the numbers that `parts` counts: 2 where they are real and imaginary.
auto added_in(auto parts, npy_reader& reader, std::size_t item_numbers, const auto& sum_of) {
  const std::size_t item_bytes = reader.header().type.item_bytes;
  const std::uint64_t piece_items = npy_reader::piece_bytes / item_bytes;
  reader.rewind();
  while (const std::uint64_t numbers = parts.fitting(piece_items * item_numbers)) {
    auto piece = reader.next_piece(numbers / item_numbers);
    while (!piece.empty()) {
      const std::uint64_t count = parts.next() / item_numbers;
      parts.add(sum_of(piece.data(), count));
      piece = piece.subspan(count * item_bytes);
    }
  }
  return parts.total();
}

/// What of the data goes into one tree: all of it, or a block.
enum class tree_span : std::uint8_t { block, whole };

template <class Sum>
Sum added(tree_span span, npy_reader& reader, std::size_t item_numbers, const auto& sum_of) {
  const std::uint64_t numbers = reader.header().count * item_numbers;
  const std::size_t block = block_items * item_numbers;
  if (span == tree_span::whole) return added_in(pairwise_tree<Sum>(numbers, block), reader, item_numbers, sum_of);
  return added_in(block_chain<Sum>(numbers, block), reader, item_numbers, sum_of);
}

/// Of numbers as they lie in NumPy's memory, such as their distances from the mean.
tree_span span_of(numpy_rule rule) { return rule == numpy_rule::since_2_3 ? tree_span::whole : tree_span::block; }

/// Whether NumPy adds the numbers where they lie, as we do.
template <class Number, std::endian Order>
constexpr bool as_they_are = (Order == std::endian::native) && std::same_as<Number, double>;

/// A block's `count` numbers as doubles: where they lie if they are doubles, converted into `room` if not.
template <class Number, std::endian Order>
const void* doubles(const std::byte* __restrict block, std::size_t count, double* __restrict room) {
  if constexpr (as_they_are<Number, Order>) return block;
  for (std::size_t index = 0; index < count; ++index)
    room[index] = to_double(element<Number, Order>(block + index * sizeof(Number)));
  return room;
}

template <class Number>
constexpr bool exact = std::is_integral_v<Number>;

/// The exact sum and extremes of integers.
template <class Number, std::endian Order>
class integer_facts {
 public:
  void add(const std::byte* block, std::size_t count) {
    // a block of 32-bit numbers cannot overflow 64 bits
    std::conditional_t<sizeof(Number) == 8, int128, std::int64_t> sum = 0;
    Number low = m_low, high = m_high;
    for (std::size_t index = 0; index < count; ++index) {
      const auto value = element<Number, Order>(block + index * sizeof(Number));
      sum += value;
      low = value < low ? value : low;
      high = value > high ? value : high;
    }
    m_low = low;
    m_high = high;
    m_sum += sum;
  }
  void tell(summary& result) const {
    result.sum = m_sum;
    result.min = int128{m_low};
    result.max = int128{m_high};
  }

 private:
  int128 m_sum = 0;
  Number m_low = std::numeric_limits<Number>::max();
  Number m_high = std::numeric_limits<Number>::min();
};

std::uint64_t count_nan(const void* block, std::size_t count) {
  std::uint64_t found = 0;
  for (std::size_t index = 0; index < count; ++index)
    found += std::isnan(element<double, std::endian::native>(static_cast<const std::byte*>(block) + index * 8)) ? 1 : 0;
  return found;
}

/// Integers and floating point.
template <class Number, std::endian Order>
void summarize_real(npy_reader& reader, numpy_rule rule, summary& result) {
  std::array<double, block_items> room;  // not initialised: filled where it is used
  const auto& kernel = kernels();
  double low = std::numeric_limits<double>::infinity(), high = -low;
  std::conditional_t<exact<Number>, integer_facts<Number, Order>, int> integers{};
  const tree_span span = as_they_are<Number, Order> ? span_of(rule) : tree_span::block;
  const double sum = added<double>(span, reader, 1, [&](const std::byte* block, std::size_t count) {
    const void* const values = doubles<Number, Order>(block, count, room.data());
    const block_facts facts = kernel.facts(values, count);
    low = std::min(low, facts.min);
    high = std::max(high, facts.max);
    if (std::isnan(facts.sum)) result.nan_count += count_nan(values, count);
    if constexpr (exact<Number>) integers.add(block, count);
    return facts.sum;
  });
  const double mean = sum / static_cast<double>(result.count);
  const double squares = added<double>(span_of(rule), reader, 1, [&](const std::byte* block, std::size_t count) {
    return kernel.squared_deviations(doubles<Number, Order>(block, count, room.data()), count, mean);
  });
  result.sum = sum;
  result.mean = mean;
  result.std_dev = std::sqrt(squares / static_cast<double>(result.count));
  result.min = result.nan_count > 0 ? nan : low;
  result.max = result.nan_count > 0 ? nan : high;
  if constexpr (exact<Number>) integers.tell(result);
}

using complex = std::complex<double>;

/// Extremes by real, then imaginary part; the first number with a NaN is both.
struct complex_facts {
  std::uint64_t nan_count = 0;
  complex low{};
  complex high{};
  bool any = false;

  void add(const complex& number) {
    const bool first = !std::exchange(any, true);
    if (is_nan(number)) {
      if (nan_count++ == 0) low = high = number;
    } else if (nan_count == 0) {
      if (first || is_before(number, low)) low = number;
      if (first || is_before(high, number)) high = number;
    }
  }
};

/// Divides as NumPy does: by multiplying with the reciprocal, an infinite part makes the other NaN.
complex divided(const complex_sum& sum, std::uint64_t count) {
  const double reciprocal = 1.0 / static_cast<double>(count);
  return {(sum.real + sum.imaginary * 0.0) * reciprocal, (sum.imaginary - sum.real * 0.0) * reciprocal};
}

template <class Part, std::endian Order>
void summarize_complex(npy_reader& reader, numpy_rule rule, summary& result) {
  std::array<double, 2 * block_items> room;
  std::array<double, block_items> squared;
  const auto& kernel = kernels();
  const auto number = [](const void* parts, std::size_t index) {
    complex value;
    std::memcpy(&value, static_cast<const std::byte*>(parts) + index * sizeof value, sizeof value);
    return value;
  };
  complex_facts facts;
  const auto sum = added<complex_sum>(span_of(rule), reader, 2, [&](const std::byte* block, std::size_t count) {
    const void* const parts = doubles<Part, Order>(block, 2 * count, room.data());
    for (std::size_t index = 0; index < count; ++index) facts.add(number(parts, index));
    return kernel.sum_complex(parts, count);
  });
  const complex mean = divided(sum, result.count);
  const double squares = added<double>(span_of(rule), reader, 1, [&](const std::byte* block, std::size_t count) {
    const void* const parts = doubles<Part, Order>(block, 2 * count, room.data());
    for (std::size_t index = 0; index < count; ++index) {
      const complex value = number(parts, index);
      const double real = value.real() - mean.real(), imaginary = value.imag() - mean.imag();
      squared[index] = real * real + imaginary * imaginary;
    }
    return kernel.facts(squared.data(), count).sum;
  });
  result.nan_count = facts.nan_count;
  result.sum = complex(sum.real, sum.imaginary);
  result.mean = mean;
  result.std_dev = std::sqrt(squares / static_cast<double>(result.count));
  result.min = facts.low;
  result.max = facts.high;
}

void summarize_nothing(summary& result, dtype_kind kind) {
  if (kind <= dtype_kind::unsigned_integer) result.sum = int128{0};
  if (kind == dtype_kind::complex) result.sum = complex();
  result.mean = result.min = result.max = nan;
  result.std_dev = nan;
}

}  // namespace

summary summarize(npy_reader& reader, numpy_rule rule) {
  const npy_header& header = reader.header();
  if (!is_numeric(header.type))
    throw format_error(
        {.object = reader.name(),
         .problem = fmt::format("statistics are of numbers, and its dtype is {}", header.type.descriptor),
         .cure = "save the numbers in it as an array of their own"});
  summary result{.dtype = header.type.descriptor, .shape = header.shape, .count = header.count};
  if (header.count == 0) {
    summarize_nothing(result, header.type.kind);
    return result;
  }
  with_number_type(header.type, [&]<class Number, std::endian Order>() {
    if constexpr (std::is_floating_point_v<Number>) {
      if (header.type.kind == dtype_kind::complex) return summarize_complex<Number, Order>(reader, rule, result);
    }
    summarize_real<Number, Order>(reader, rule, result);
  });
  reader.rewind();
  return result;
}

}  // namespace tequio::data
