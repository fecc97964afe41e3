// SPDX-License-Identifier: MIT
// Count, sum, mean, standard deviation and extremes of arrays: NumPy's answers to the last bit, for any processor.
// Use summarize() for one array and merge() for the line of all arrays together.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "tequio/data/format_error.hpp"
#include "tequio/data/npy.hpp"
#include "tequio/data/npy_shape.hpp"
#include "tequio/data/numpy_rule.hpp"
#include "tequio/data/scalar.hpp"

namespace tequio::data {

/// What is known of an array's elements. Integers and bool have an exact sum, min and max; numbers that do not
/// exist (the mean of nothing) are NaN.
struct summary {
  std::string dtype{};          ///< "<f8"; "mixed" when several were merged
  npy_shape shape{};            ///< empty when several were merged
  std::uint64_t count = 0;      ///< all elements, NaN too
  std::uint64_t nan_count = 0;  ///< one NaN makes sum, mean, std_dev, min and max NaN
  scalar sum = 0.0;
  scalar mean = 0.0;
  double std_dev = 0;  ///< of the population: divided by count
  scalar min = 0.0;    ///< complex numbers order by real part, then by imaginary part
  scalar max = 0.0;
};

/// Statistics over all elements of the array that `reader` has open, in one or two passes over its data.
///
/// Shapes:  any; C or Fortran order, walked as they lie in the file.
/// Blocks:  on the disk, if the file is larger than the reader's window.
/// Errors:  format_error naming the file and its descriptor when elements are no numbers, or the file shrinks.
/// Exact:   sum, mean and std_dev have the bits of np.sum, np.mean and np.std of the NumPy that `rule` names: of
///          float64, integers and bool as they are, of float16 and float32 with dtype='f8', of complex numbers after
///          astype('c16'). Sums of integers are exact.
/// Source:  tequio/detail/base/numpy_sum_rule.hpp, in memory order.
[[nodiscard]] summary summarize(npy_reader& reader, numpy_rule rule = numpy_rule::since_2_3);

/// Statistics over all elements of all arrays, folded in the order of `parts`.
///
/// @return dtype of all parts or "mixed"; shape empty; all else as if the arrays were one.
/// Exact:   the same bits, whichever worker made a part; integers stay exact as long as all parts are integers.
/// Source:  Chan, Golub, LeVeque 1983 (pairwise update).
[[nodiscard]] summary merge(std::span<const summary> parts);

}  // namespace tequio::data
