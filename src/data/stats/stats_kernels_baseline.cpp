// SPDX-License-Identifier: MIT
// The loops of statistics for every processor.
#include "data/stats/stats_kernels.hpp"

namespace tequio::data {
namespace {

#define TEQUIO_VECTOR_BYTES 16
#include "data/stats/stats_kernels_loops.hpp"

}  // namespace

constexpr stats_kernels baseline_kernels{facts, squared_deviations, sum_complex};

}  // namespace tequio::data
