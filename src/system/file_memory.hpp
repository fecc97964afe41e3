// SPDX-License-Identifier: MIT
// Memory behind a file that lies in memory (a memfd, a file of /dev/shm), committed before it is touched: a full memory
// is an error at that call, and neither a SIGBUS nor the kernel's out-of-memory killer later.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace tequio::system {

/// Whether a descriptor still is that of a file in memory. A program may have closed all descriptors, and opened a file
/// of its own under the same number.
[[nodiscard]] bool is_in_memory(int file) noexcept;

/// Commits memory behind `size` bytes from `start`; committed parts stay as they are.
///
/// Errors:  error about `object` with the number of bytes wanted, and `cure`.
void give_memory(int file, std::uint64_t start, std::size_t size, const std::string& object, const std::string& cure);

}  // namespace tequio::system
