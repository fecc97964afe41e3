// SPDX-License-Identifier: MIT
// Whether this image of the program was spawned to become a process: then a variable of its environment names a file
// with its spawn record, until worker_main() removes the variable.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tequio::detail {

// The first bytes of the file tell what is in it.
constexpr std::string_view record_mark = "tequio: a record";
constexpr std::string_view error_mark = "tequio: an error";
static_assert(record_mark.size() == error_mark.size());

[[nodiscard]] bool begins_with(int file, std::string_view wanted) noexcept;

/// "NAME=value" for an image that inherits the file and maps that many arenas of other processes.
[[nodiscard]] std::string image_variable(int file, std::size_t arenas);
/// The file that this image inherited; -1 where it was not spawned, or worker_main() was called. A variable left over
/// from another program names no such file.
[[nodiscard]] int inherited_file() noexcept;
/// The number of arenas of other processes that this image will map in worker_main().
[[nodiscard]] std::size_t arenas_to_come() noexcept;
/// Removes the variable.
void forget_inherited_file() noexcept;

/// Throws where this image was spawned, but main() did not call worker_main(): it would spawn images without end.
void require_worker_main_called();

}  // namespace tequio::detail
