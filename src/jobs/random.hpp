// SPDX-License-Identifier: MIT
// Random numbers for sample data: integer arithmetic keyed by seed and place, so that every item is the same from any
// worker, in any order, on any machine. Not for cryptography.
#pragma once

#include <concepts>
#include <cstdint>

namespace tequio::jobs {

/// A sequence of random words that belongs to one key: (seed, state, locality) or (seed, file).
///
/// Source: Steele, Lea, Flood 2014 (SplitMix).
class counter_random {
 public:
  explicit counter_random(std::integral auto... key) noexcept { ((m_state = mixed(m_state ^ word(key))), ...); }

  std::uint64_t operator()() noexcept { return mixed(m_state += step); }

  /// A whole number in [0, limit).
  std::uint32_t below(std::uint32_t limit) noexcept {
    return static_cast<std::uint32_t>(((*this)() >> 32) * limit >> 32);
  }

  /// A number in [0, 1), a multiple of 2^-53.
  double unit() noexcept { return static_cast<double>((*this)() >> 11) * 0x1p-53; }

 private:
  static constexpr std::uint64_t step = 0x9e3779b97f4a7c15;

  static std::uint64_t word(std::integral auto part) noexcept { return static_cast<std::uint64_t>(part) + step; }

  static std::uint64_t mixed(std::uint64_t bits) noexcept {
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
    return bits ^ (bits >> 31);
  }

  std::uint64_t m_state = 0;
};

}  // namespace tequio::jobs
