// SPDX-License-Identifier: MIT
// The loops of stats_kernels.hpp, in a file that is compiled once for each kind of processor, with vectors of
// TEQUIO_VECTOR_BYTES. They call nothing of the standard library: the linker could take this file's copy of it for a
// processor that lacks the instructions. A sum is NumPy's: eight accumulators over at most 128 doubles, and the sums
// of two halves where there are more.

using pack = double __attribute__((vector_size(TEQUIO_VECTOR_BYTES)));

constexpr std::size_t full_block = 8192;
constexpr std::size_t leaf_doubles = 128;
constexpr std::size_t leaf_bytes = leaf_doubles * sizeof(double);
constexpr std::size_t lanes = 8;
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

/// Eight sums of a multiple of 8 doubles, at least 8.
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

inline void add_neighbours(const double* __restrict from, double* __restrict to, std::size_t count) {
  for (std::size_t index = 0; index < count; ++index) to[index] = from[2 * index] + from[2 * index + 1];
}

/// The sum of a full block: its 64 leaves side by side, two at a time. The eight sums of a leaf and the leaves add up
/// along one tree of neighbours.
template <class Each>
double sum_full_block(const unsigned char* from, Each& kept) {
  Each each = kept;  // a local variable may stay in registers: bytes could be anything's, `kept` too
  constexpr std::size_t leaf_sums = full_block / leaf_doubles * lanes;
  double sums[leaf_sums];
  for (std::size_t leaf = 0; leaf < full_block / leaf_doubles; leaf += 2) {
    const unsigned char* const left = from + leaf * leaf_bytes;
    lane_values first{}, second{};
    for (std::size_t at = 0; at < leaf_bytes; at += sizeof first)
#pragma GCC unroll 4
      for (std::size_t index = 0; index < packs; ++index) {
        const pack one = load<pack>(left + at + index * sizeof(pack));
        const pack other = load<pack>(left + leaf_bytes + at + index * sizeof(pack));
        each.see(one, other, index);
        first.of[index] += each.term(one);
        second.of[index] += each.term(other);
      }
    for (std::size_t index = 0; index < packs; ++index) {
      store(sums + leaf * lanes + index * pack_lanes, first.of[index]);
      store(sums + (leaf + 1) * lanes + index * pack_lanes, second.of[index]);
    }
  }
  kept = each;
  double halved[leaf_sums / 2];
  for (std::size_t count = leaf_sums / 2; count > 1; count /= 4) {
    add_neighbours(sums, halved, count);
    add_neighbours(halved, sums, count / 2);
  }
  return sums[0] + sums[1];
}

template <class Each>
double sum_leaf(const unsigned char* from, std::size_t count, Each& each) {
  const std::size_t whole = count - count % lanes;
  double sum = 0;
  if (whole > 0) {
    const lane_values r = eight_sums(from, whole, each);
    sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
  }
  for (std::size_t at = whole; at < count; ++at) sum += each.one(load<double>(from + at * sizeof(double)), at % lanes);
  return sum;
}

constexpr std::size_t first_half(std::size_t count) { return count / 2 - count / 2 % lanes; }

template <class Each>
double sum_pairwise(const unsigned char* from, std::size_t count, Each& each) {
  if (count == full_block) return sum_full_block(from, each);
  if (count <= leaf_doubles) return sum_leaf(from, count, each);
  const std::size_t half = first_half(count);
  const double first = sum_pairwise(from, half, each);
  return first + sum_pairwise(from + half * sizeof(double), count - half, each);
}

/// The same over `count` doubles that are real and imaginary parts in turn.
inline complex_sum sum_complex_pairwise(const unsigned char* from, std::size_t count) {
  if (count > leaf_doubles) {
    const std::size_t half = first_half(count);
    const complex_sum first = sum_complex_pairwise(from, half);
    const complex_sum second = sum_complex_pairwise(from + half * sizeof(double), count - half);
    return {first.real + second.real, first.imaginary + second.imaginary};
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
