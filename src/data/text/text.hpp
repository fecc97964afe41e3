// SPDX-License-Identifier: MIT
// Small helpers for the words of messages and the endings of names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tequio::data {

/// The cure for bytes that were damaged on their way.
inline constexpr const char* copy_again = "fetch or copy it again";

/// A count as people read it: 1,534,326.
[[nodiscard]] std::string grouped(std::uint64_t number);

/// `text` on one line and without control characters, which become \x1b and the like; UTF-8 stays.
[[nodiscard]] std::string on_one_line(std::string_view text);

/// The first bytes of something, in quotes, bytes that are not ASCII as \xNN.
[[nodiscard]] std::string quoted_bytes(std::span<const std::byte> bytes);

/// Whether `text` ends in `ending`, in any case; `ending` is given in lower case.
[[nodiscard]] bool ends_in(std::string_view text, std::string_view ending) noexcept;

/// Whether `text` starts with `start`, in any case; `start` is given in lower case.
[[nodiscard]] bool starts_as(std::string_view text, std::string_view start) noexcept;

}  // namespace tequio::data
