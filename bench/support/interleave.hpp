// SPDX-License-Identifier: MIT
// Compares alternatives that take turns, so that a noisy machine disturbs all of them, and prints medians and ratios.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace tequio::bench {

/// One way to do a thing.
struct alternative {
  std::string name{};
  std::function<bool()> run{};  ///< false: the result is wrong, which ends the bench
};

/// Options of one comparison.
struct comparison_options {
  int turns = 9;  ///< counted runs of each, after one that is not counted
};

/// Median seconds of one run, of each alternative.
///
/// Prints "question impl:… median per item, ratio to the first"; an item is 1/`items` of a run. The first call also
/// prints the machine.
std::vector<double> compare(const std::string& question, std::size_t items,
                            const std::vector<alternative>& alternatives, const comparison_options& options = {});

}  // namespace tequio::bench
