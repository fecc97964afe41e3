// SPDX-License-Identifier: MIT
// Compares alternatives by taking turns, so that a noisy machine is noisy to all of them, and prints medians and
// ratios.
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

/// How often and against what.
struct comparison_options {
  int turns = 9;  ///< counted runs of each, after one that is not
};

/// Median seconds of one run, of each alternative.
///
/// Prints "question impl:… median per item, ratio to the first", an item being 1/`items` of a run; the first call
/// prints the machine too.
std::vector<double> compare(const std::string& question, std::size_t items,
                            const std::vector<alternative>& alternatives, const comparison_options& options = {});

}  // namespace tequio::bench
