// SPDX-License-Identifier: MIT
// The loops of statistics for any processor, and the choice among all of them.
#include "data/stats/stats_kernels.hpp"

namespace tequio::data {
namespace {

#define TEQUIO_VECTOR_BYTES 16
#include "data/stats/stats_kernels_loops.hpp"

}  // namespace

constexpr stats_kernels baseline_kernels{facts, squared_deviations, sum_complex};

// chosen at run time and not by target_clones: its resolvers run before a sanitizer is ready
const stats_kernels& kernels() {
#if defined(__x86_64__)
  static const stats_kernels& best = __builtin_cpu_supports("avx512f") ? avx512_kernels
                                     : __builtin_cpu_supports("avx2")  ? avx2_kernels
                                                                       : baseline_kernels;
  return best;
#else
  return baseline_kernels;
#endif
}

}  // namespace tequio::data
