// SPDX-License-Identifier: MIT
// What kind of content a file begins with.
#pragma once

#include <cstddef>
#include <span>

#include "tequio/data/file.hpp"

namespace tequio::data {

enum class content_kind { plain, zip, gzip, zstandard, bzip2, xz, html };

/// A beginning that is too short to tell is plain.
[[nodiscard]] content_kind content_of(std::span<const std::byte> first_bytes);

/// As above, from the beginning of `content`.
[[nodiscard]] content_kind content_of(const file& content);

/// Throws the format_error for an HTML page that came in place of `expected`.
[[noreturn]] void refuse_html(const std::string& name, const std::string& expected);

}  // namespace tequio::data
