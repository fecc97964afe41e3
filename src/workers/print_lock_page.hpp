// SPDX-License-Identifier: MIT
// The lock of print(), in a page of memory that a program shares with the processes it forks and, by its descriptor,
// with those it spawns.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "tequio/detail/sync/robust_lock.hpp"

namespace tequio::detail {

/// All bytes zero is an unused page.
struct print_lock_page {
  robust_lock lock{};
  /// Files that a holder of the lock began to write to and did not finish, because it died; 0: none. Changed under the
  /// lock.
  std::array<std::atomic<std::uint64_t>, 8> begun{};

  /// The page of this process.
  [[nodiscard]] static print_lock_page& here() noexcept;
  /// A descriptor of its memory, which a spawned image inherits; -1 where there is none.
  [[nodiscard]] static int file() noexcept;
  /// In a spawned image: uses the page of its parent from now on. Takes the descriptor over.
  static void attach(int file) noexcept;
};

}  // namespace tequio::detail
