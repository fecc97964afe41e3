// SPDX-License-Identifier: MIT
#include "data/stats/stats_kernels.hpp"

#include "base/instruction_set.hpp"

namespace tequio::data {

const stats_kernels& kernels() {
#if defined(__x86_64__)
  const auto best = detail::best_instruction_set();
  if (best == detail::instruction_set::avx512) return avx512_kernels;
  if (best == detail::instruction_set::avx2) return avx2_kernels;
#endif
  return baseline_kernels;
}

}  // namespace tequio::data
