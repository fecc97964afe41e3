// SPDX-License-Identifier: MIT
// The inner loops of statistics over one block, compiled per instruction set; all give the same bits.
#pragma once

#include <cstddef>

#include "tequio/detail/base/numpy_sum_rule.hpp"

namespace tequio::data {

/// What one pass over a block of doubles tells. Extremes are of the elements that are not NaN.
struct block_facts {
  double sum = 0;
  double min = 0;
  double max = 0;
};

struct complex_sum {
  double real = 0;
  double imaginary = 0;

  friend complex_sum operator+(const complex_sum& left, const complex_sum& right) {
    return {left.real + right.real, left.imaginary + right.imaginary};
  }
};

/// Blocks are `count` doubles (complex: pairs) in native byte order at any address; 1 to numpy_sum_rule::block of them.
struct stats_kernels {
  block_facts (*facts)(const void* block, std::size_t count);
  double (*squared_deviations)(const void* block, std::size_t count, double mean);
  complex_sum (*sum_complex)(const void* block, std::size_t count);
};

/// The kernels for the processor that this runs on.
[[nodiscard]] const stats_kernels& kernels();

extern const stats_kernels baseline_kernels;
#if defined(__x86_64__)
extern const stats_kernels avx2_kernels;
extern const stats_kernels avx512_kernels;
#endif

}  // namespace tequio::data
