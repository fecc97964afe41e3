// SPDX-License-Identifier: MIT
// Loops for the instructions that only some x86-64 processors have: how they are compiled, and which of them run here.
#pragma once

#include <cstdint>

/// What stands between TEQUIO_BEGIN_AVX2 or TEQUIO_BEGIN_AVX512 and TEQUIO_END_INSTRUCTION_SET uses these instructions,
/// whatever flags the file is compiled with. Headers are included before it, except the loops themselves: of an inline
/// function that is compiled in there, the linker could take this copy for processors that lack the instructions.
#if defined(__x86_64__)
#define TEQUIO_BEGIN_AVX2 TEQUIO_BEGIN_INSTRUCTION_SET("avx2,bmi,popcnt,pclmul")
#define TEQUIO_BEGIN_AVX512 TEQUIO_BEGIN_INSTRUCTION_SET("avx512f")
#define TEQUIO_PRAGMA(...) _Pragma(#__VA_ARGS__)
#if defined(__clang__)
#define TEQUIO_BEGIN_INSTRUCTION_SET(names) \
  TEQUIO_PRAGMA(clang attribute push(__attribute__((target(names))), apply_to = function))
#define TEQUIO_END_INSTRUCTION_SET TEQUIO_PRAGMA(clang attribute pop)
#else
#define TEQUIO_BEGIN_INSTRUCTION_SET(names) TEQUIO_PRAGMA(GCC push_options) TEQUIO_PRAGMA(GCC target(names))
#define TEQUIO_END_INSTRUCTION_SET TEQUIO_PRAGMA(GCC pop_options)
#endif
#endif

namespace tequio::detail {

/// Each has all that stands before it.
enum class instruction_set : std::uint8_t { baseline, avx2, avx512 };

/// The last one that this processor has.
[[nodiscard]] instruction_set best_instruction_set() noexcept;

}  // namespace tequio::detail
