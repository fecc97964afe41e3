// SPDX-License-Identifier: MIT
#include "base/instruction_set.hpp"

namespace tequio::detail {

// asked while the program runs, and not by target_clones: its resolvers run before a sanitizer is ready
instruction_set best_instruction_set() noexcept {
#if defined(__x86_64__)
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                    __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("pclmul");
  if (avx2) return __builtin_cpu_supports("avx512f") ? instruction_set::avx512 : instruction_set::avx2;
#endif
  return instruction_set::baseline;
}

}  // namespace tequio::detail
