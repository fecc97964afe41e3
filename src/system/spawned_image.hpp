// SPDX-License-Identifier: MIT
// Whether this image of the program was started to become a process: it finds a variable that names a file with its
// spawn record, until worker_main() takes it away.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tequio::detail {

// The first bytes of the file: what is in it.
constexpr std::string_view record_mark = "tequio: a record";
constexpr std::string_view error_mark = "tequio: an error";
static_assert(record_mark.size() == error_mark.size());

[[nodiscard]] bool begins_with(int file, std::string_view wanted) noexcept;

/// "NAME=value" for an image that inherits the file, and so many arenas of others.
[[nodiscard]] std::string image_variable(int file, std::size_t arenas);
/// The file this image inherited; -1 where it was not started to become a process, or has become one. A variable left
/// over from another program names no such file.
[[nodiscard]] int inherited_file() noexcept;
/// How many arenas of others this image is still to be given.
[[nodiscard]] std::size_t arenas_to_come() noexcept;
/// Takes the variable away.
void forget_inherited_file() noexcept;

/// Throws where this image was started to become a process, but main() did not call worker_main(): it would start such
/// images for ever.
void require_worker_main_called();

}  // namespace tequio::detail
