// SPDX-License-Identifier: MIT
// The loops of statistics for processors with AVX2; without fused multiply-add, which would change the bits.
#if defined(__x86_64__)

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC target("avx2")
#endif

#include "data/stats/stats_kernels.hpp"

namespace tequio::data {
namespace {

#define TEQUIO_VECTOR_BYTES 32
#include "data/stats/stats_kernels_loops.hpp"

}  // namespace

constexpr stats_kernels avx2_kernels{facts, squared_deviations, sum_complex};

}  // namespace tequio::data

#if defined(__clang__)
#pragma clang attribute pop
#endif

#endif
