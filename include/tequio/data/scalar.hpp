// SPDX-License-Identifier: MIT
// One number of any numeric dtype, exact: an integer of up to 128 bits, a double, or a complex number of doubles.
#pragma once

#include <complex>
#include <string>
#include <variant>

#include "tequio/detail/base/requirements.hpp"

namespace tequio::data {

__extension__ using int128 = __int128;

/// A result of statistics; trivially copyable.
using scalar = std::variant<int128, double, std::complex<double>>;

/// The shortest text that reads back to the same bits: "9223372036854775807", "0.1", "nan", "-inf", "1+2j".
[[nodiscard]] std::string to_string(const scalar& number);

}  // namespace tequio::data
