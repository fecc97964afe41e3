// SPDX-License-Identifier: MIT
// The loops of stats_kernels.hpp, compiled once per instruction set with vectors of TEQUIO_VECTOR_BYTES. They
// instantiate nothing of the standard library: the linker could take this copy for a processor that lacks the
// instructions. A sum is NumPy's (tequio/detail/base/numpy_sum_rule.hpp).
#pragma once

// NOLINTBEGIN(misc-definitions-in-headers): each file that includes this has an unnamed namespace around it
using pack = double __attribute__((vector_size(TEQUIO_VECTOR_BYTES)));

using detail::numpy_sum_rule::first_half;
using detail::numpy_sum_rule::lanes;
constexpr std::size_t leaf_doubles = detail::numpy_sum_rule::leaf;
constexpr std::size_t most_leaves = detail::numpy_sum_rule::block / (leaf_doubles / 2);
constexpr std::size_t pack_lanes = sizeof(pack) / sizeof(double);
constexpr std::size_t packs = lanes / pack_lanes;
constexpr double infinity = __builtin_huge_val();

template <class Value>
Value load(const unsigned char* from) {
  Value value;
  __builtin_memcpy(&value, from, sizeof value);
  return value;
}

inline void store(double* to, pack values) { __builtin_memcpy(to, &values, sizeof values); }

/// Eight running sums, or extremes: element i of a leaf belongs to lane i % 8 whatever the width of a vector.
struct lane_values {
  pack of[packs];

  double operator[](std::size_t lane) const { return of[lane / pack_lanes][lane % pack_lanes]; }
  void set(std::size_t lane, double value) { of[lane / pack_lanes][lane % pack_lanes] = value; }
};

/// Sums the elements as they are, and keeps their extremes on the way. Lanes stay apart to the end, so that even the
/// sign of a zero is the same on every processor.
struct plain {
  lane_values low;
  lane_values high;

  plain() {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      low.set(lane, infinity);
      high.set(lane, -infinity);
    }
  }
  pack term(pack values) const { return values; }
  void see(pack first, pack second, std::size_t index) {
    const pack lower = second < first ? second : first;
    const pack higher = second > first ? second : first;
    low.of[index] = lower < low.of[index] ? lower : low.of[index];
    high.of[index] = higher > high.of[index] ? higher : high.of[index];
  }
  double one(double value, std::size_t lane) {
    if (value < low[lane]) low.set(lane, value);
    if (value > high[lane]) high.set(lane, value);
    return value;
  }
};

/// Sums the squared distances from the mean.
struct squared_deviation {
  double mean;

  void see(pack, pack, std::size_t) const {}
  pack term(pack values) const {
    const pack distance = values - mean;
    return distance * distance;
  }
  double one(double value, std::size_t) const {
    const double distance = value - mean;
    return distance * distance;
  }
};

struct as_it_is {
  void see(pack, pack, std::size_t) const {}
  pack term(pack values) const { return values; }
};

/// Eight sums of a multiple of 8 doubles.
template <class Each>
lane_values eight_sums(const unsigned char* from, std::size_t count, Each& each) {
  lane_values sums{};
  for (std::size_t at = 0; at < count; at += lanes)
#pragma GCC unroll 4
    for (std::size_t index = 0; index < packs; ++index) {
      const pack values = load<pack>(from + at * sizeof(double) + index * sizeof(pack));
      each.see(values, values, index);
      sums.of[index] += each.term(values);
    }
  return sums;
}

/// The running sums of the leaves of a tree, a leaf after the other, and how far they are filled.
struct leaf_sums {
  double of[most_leaves * lanes];
  std::size_t filled = 0;

  void push(const lane_values& sums) {
    for (std::size_t index = 0; index < packs; ++index) store(of + filled + index * pack_lanes, sums.of[index]);
    filled += lanes;
  }
};

/// Two leaves of a multiple of 8 doubles, side by side; the second is no shorter.
template <class Each>
void sum_two_leaves(const unsigned char* left, std::size_t left_count, std::size_t right_count, Each& each,
                    leaf_sums& sums) {
  const unsigned char* const right = left + left_count * sizeof(double);
  lane_values first{}, second{};
  std::size_t at = 0;
  for (; at < left_count; at += lanes)
#pragma GCC unroll 4
    for (std::size_t index = 0; index < packs; ++index) {
      const pack one = load<pack>(left + at * sizeof(double) + index * sizeof(pack));
      const pack other = load<pack>(right + at * sizeof(double) + index * sizeof(pack));
      each.see(one, other, index);
      first.of[index] += each.term(one);
      second.of[index] += each.term(other);
    }
  for (; at < right_count; at += lanes)
#pragma GCC unroll 4
    for (std::size_t index = 0; index < packs; ++index) {
      const pack other = load<pack>(right + at * sizeof(double) + index * sizeof(pack));
      each.see(other, other, index);
      second.of[index] += each.term(other);
    }
  sums.push(first);
  sums.push(second);
}

/// Fills `sums` with the leaves of a tree over `count` doubles, except the last few that are no whole 8.
template <class Each>
void sum_leaves(const unsigned char* from, std::size_t count, Each& each, leaf_sums& sums) {
  if (count <= leaf_doubles) return sums.push(eight_sums(from, count - count % lanes, each));
  const std::size_t half = first_half(count);
  const std::size_t other = count - half;
  if (other <= leaf_doubles) return sum_two_leaves(from, half, other - other % lanes, each, sums);
  sum_leaves(from, half, each, sums);
  sum_leaves(from + half * sizeof(double), other, each, sums);
}

inline void add_neighbours(const double* __restrict from, double* __restrict to, std::size_t count) {
  for (std::size_t index = 0; index < count; ++index) to[index] = from[2 * index] + from[2 * index + 1];
}

/// The sum of a tree over `count` doubles from the sums of its leaves, the first of which is at `leaf`.
inline double sum_tree(std::size_t count, const double*& leaf) {
  if (count <= leaf_doubles) return *leaf++;
  const std::size_t half = first_half(count);
  const double first = sum_tree(half, leaf);
  return first + sum_tree(count - half, leaf);
}

/// Whether all leaves of a tree over `count` doubles are at one depth. Those on its edges are its smallest and its
/// largest.
inline bool is_perfect(std::size_t count) {
  std::size_t least = count, most = count;
  for (; least > leaf_doubles; least = first_half(least)) most -= first_half(most);
  return most <= leaf_doubles;
}

/// The sum of up to a block. All cuts are at multiples of 8, so only the last leaf may have a rest.
template <class Each>
double sum_pairwise(const unsigned char* from, std::size_t count, Each& kept) {
  Each each = kept;  // a local variable may stay in registers: bytes could be anything's, `kept` too
  leaf_sums sums;
  sum_leaves(from, count, each, sums);
  double halved[most_leaves * lanes / 2];
  add_neighbours(sums.of, halved, sums.filled / 2);
  add_neighbours(halved, sums.of, sums.filled / 4);
  add_neighbours(sums.of, halved, sums.filled / 8);
  double& last = halved[sums.filled / lanes - 1];
  for (std::size_t at = count - count % lanes; at < count; ++at)
    last += each.one(load<double>(from + at * sizeof(double)), at % lanes);
  kept = each;
  const double* leaf = halved;
  if (!is_perfect(count)) return sum_tree(count, leaf);
  double* sums_at = halved;
  double* next = sums.of;
  for (std::size_t left = sums.filled / lanes; left > 1; left /= 2) {
    add_neighbours(sums_at, next, left / 2);
    double* const swap = sums_at;
    sums_at = next;
    next = swap;
  }
  return *sums_at;
}

/// The same over `count` doubles that are real and imaginary parts in turn.
inline complex_sum sum_complex_pairwise(const unsigned char* from, std::size_t count) {
  if (count > leaf_doubles) {
    const std::size_t half = first_half(count);
    const complex_sum first = sum_complex_pairwise(from, half);
    const complex_sum second = sum_complex_pairwise(from + half * sizeof(double), count - half);
    return first + second;
  }
  const std::size_t whole = count - count % lanes;
  complex_sum sum;
  as_it_is each;
  if (whole > 0) {
    const lane_values r = eight_sums(from, whole, each);
    sum = {(r[0] + r[2]) + (r[4] + r[6]), (r[1] + r[3]) + (r[5] + r[7])};
  }
  for (std::size_t at = whole; at < count; at += 2) {
    sum.real += load<double>(from + at * sizeof(double));
    sum.imaginary += load<double>(from + (at + 1) * sizeof(double));
  }
  return sum;
}

block_facts facts(const void* block, std::size_t count) {
  plain each;
  block_facts found{.sum = sum_pairwise(static_cast<const unsigned char*>(block), count, each),
                    .min = each.low[0],
                    .max = each.high[0]};
  for (std::size_t lane = 1; lane < lanes; ++lane) {
    if (each.low[lane] < found.min) found.min = each.low[lane];
    if (each.high[lane] > found.max) found.max = each.high[lane];
  }
  return found;
}

double squared_deviations(const void* block, std::size_t count, double mean) {
  squared_deviation each{mean};
  return sum_pairwise(static_cast<const unsigned char*>(block), count, each);
}

complex_sum sum_complex(const void* block, std::size_t count) {
  return sum_complex_pairwise(static_cast<const unsigned char*>(block), 2 * count);
}
// NOLINTEND(misc-definitions-in-headers)
