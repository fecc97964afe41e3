// SPDX-License-Identifier: MIT
// The loops of statistics for processors with AVX2; without fused multiply-add, which would change the bits.
#if defined(__x86_64__)
#include "base/instruction_set.hpp"
#include "data/stats/stats_kernels.hpp"

TEQUIO_BEGIN_AVX2
namespace tequio::data {
namespace {

#define TEQUIO_VECTOR_BYTES 32
#include "data/stats/stats_kernels_loops.hpp"

}  // namespace

constexpr stats_kernels avx2_kernels{facts, squared_deviations, sum_complex};

}  // namespace tequio::data
TEQUIO_END_INSTRUCTION_SET
#endif
