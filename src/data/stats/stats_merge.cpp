// SPDX-License-Identifier: MIT
#include <cmath>
#include <complex>
#include <limits>

#include "data/stats/complex_order.hpp"
#include "tequio/data/stats.hpp"

namespace tequio::data {
namespace {

using complex = std::complex<double>;

double as_double(const scalar& number) {
  if (const auto* integer = std::get_if<int128>(&number)) return static_cast<double>(*integer);
  return std::get<double>(number);
}

complex as_complex(const scalar& number) {
  if (const auto* value = std::get_if<complex>(&number)) return *value;
  return as_double(number);
}

/// `of(left, right)` in the simplest kind that holds both: integer, double, complex.
auto widened(const scalar& left, const scalar& right, const auto& of) {
  if (std::holds_alternative<complex>(left) || std::holds_alternative<complex>(right))
    return of(as_complex(left), as_complex(right));
  if (std::holds_alternative<double>(left) || std::holds_alternative<double>(right))
    return of(as_double(left), as_double(right));
  return of(std::get<int128>(left), std::get<int128>(right));
}

struct add_up {
  scalar operator()(const auto& left, const auto& right) const { return left + right; }
};

/// NaN stays whichever side it comes from.
struct keep_lower {
  scalar operator()(int128 left, int128 right) const { return right < left ? right : left; }
  scalar operator()(double left, double right) const { return right < left || std::isnan(right) ? right : left; }
  scalar operator()(const complex& left, const complex& right) const {
    return is_nan(left) || !(is_nan(right) || is_before(right, left)) ? left : right;
  }
};

struct keep_higher {
  scalar operator()(int128 left, int128 right) const { return left < right ? right : left; }
  scalar operator()(double left, double right) const { return left < right || std::isnan(right) ? right : left; }
  scalar operator()(const complex& left, const complex& right) const {
    return is_nan(left) || !(is_nan(right) || is_before(left, right)) ? left : right;
  }
};

scalar mean_of(const scalar& sum, double count) {
  if (const auto* value = std::get_if<complex>(&sum)) return complex(value->real() / count, value->imag() / count);
  return as_double(sum) / count;
}

/// Sum of the squared distances from the mean.
double squares_of(const summary& part) { return part.std_dev * part.std_dev * static_cast<double>(part.count); }

/// Adds `part` to `total`, whose squared distances are `squares`; both have elements.
void fold(summary& total, double& squares, const summary& part) {
  const double before = static_cast<double>(total.count), added = static_cast<double>(part.count);
  const double distance = std::norm(as_complex(part.mean) - as_complex(total.mean));
  squares += squares_of(part) + distance * (before * (added / (before + added)));
  total.count += part.count;
  total.nan_count += part.nan_count;
  total.sum = widened(total.sum, part.sum, add_up());
  total.mean = mean_of(total.sum, before + added);
  total.std_dev = std::sqrt(squares / (before + added));
  total.min = widened(total.min, part.min, keep_lower());
  total.max = widened(total.max, part.max, keep_higher());
}

}  // namespace

summary merge(std::span<const summary> parts) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  summary total{.mean = nan, .std_dev = nan, .min = nan, .max = nan};
  double squares = 0;
  for (const summary& part : parts) {
    const bool first = &part == parts.data();
    const std::string dtype = first || part.dtype == total.dtype ? part.dtype : "mixed";
    if (total.count == 0 && (first || part.count > 0)) {
      total = part;
      squares = squares_of(part);
    } else if (part.count > 0) {
      fold(total, squares, part);
    }
    total.dtype = dtype;
  }
  total.shape.clear();
  return total;
}

}  // namespace tequio::data
