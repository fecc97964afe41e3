// SPDX-License-Identifier: MIT
// From the 'descr' of a .npy header to a dtype.
#pragma once

#include "data/npy/npy_literal.hpp"
#include "tequio/data/dtype.hpp"

namespace tequio::data::npy_format {

/// The type that `descr` describes: "<f8", "float64", "<f8,<i4", or a list of fields.
///
/// Errors:  format_error naming the byte: unknown or malformed descriptors, objects, long double.
[[nodiscard]] dtype dtype_of(const literal& descr, const header_text& text);

}  // namespace tequio::data::npy_format
