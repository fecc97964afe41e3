// SPDX-License-Identifier: MIT
// Memory behind a file that lies in memory (a memfd, a file of /dev/shm), asked for before it is touched: what cannot be
// had is an error then, and neither a SIGBUS nor the kernel's out-of-memory killer later.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace tequio::system {

/// Whether a descriptor still is that of a file in memory: in a program that has closed all there are its number may be
/// that of a file with data of the program's.
[[nodiscard]] bool is_in_memory(int file) noexcept;

/// Puts memory behind `size` bytes from `start`; what is there already stays as it is.
///
/// Errors:  error about `object` with how much was wanted, and `cure`.
void give_memory(int file, std::uint64_t start, std::size_t size, const std::string& object, const std::string& cure);

}  // namespace tequio::system
