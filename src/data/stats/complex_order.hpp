// SPDX-License-Identifier: MIT
// NumPy's order of complex numbers: by real part, then by imaginary part; one with a NaN in either part is a NaN.
#pragma once

#include <cmath>
#include <complex>

namespace tequio::data {

[[nodiscard]] inline bool is_nan(const std::complex<double>& number) {
  return std::isnan(number.real()) || std::isnan(number.imag());
}

/// Whether `left` stands before `right`, none of them a NaN.
[[nodiscard]] inline bool is_before(const std::complex<double>& left, const std::complex<double>& right) {
  return left.real() < right.real() || (left.real() == right.real() && left.imag() < right.imag());
}

}  // namespace tequio::data
