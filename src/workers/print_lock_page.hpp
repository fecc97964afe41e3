// SPDX-License-Identifier: MIT
// What processes that print agree on: a page of memory that a program shares with all it forks and, by its descriptor, with
// all it spawns.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "tequio/detail/sync/robust_lock.hpp"

namespace tequio::detail {

/// All bytes zero is one that nobody has used yet.
struct print_lock_page {
  robust_lock lock{};
  /// Files that whoever held the lock began to write to and has not told to be done with, because it died; 0: none.
  /// Changed under the lock.
  std::array<std::atomic<std::uint64_t>, 8> begun{};

  /// This process's.
  [[nodiscard]] static print_lock_page& here() noexcept;
  /// A descriptor of its memory, for a fresh image of the program to inherit; -1 where there is none.
  [[nodiscard]] static int file() noexcept;
  /// In a fresh image: uses another process's from now on. Takes the descriptor over.
  static void attach(int file) noexcept;
};

}  // namespace tequio::detail
