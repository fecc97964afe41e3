// SPDX-License-Identifier: MIT
// Checks of the values of options, which say in plain words what is wrong with one.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace tequio::cli {

/// Accepts whole numbers from `first` to `last`.
[[nodiscard]] CLI::Validator whole_number(std::uint64_t first, std::uint64_t last);
/// Accepts the parts of a shape, which are whole numbers.
[[nodiscard]] CLI::Validator dimension();
/// Accepts names of files for a result, which is never compressed.
[[nodiscard]] CLI::Validator result_file();
/// Accepts finite numbers above `low`, up to `high`; `what` says so: "a number of seconds above 0".
[[nodiscard]] CLI::Validator number_above(double low, double high, std::string what);
/// Accepts versions of NumPy.
[[nodiscard]] CLI::Validator numpy_version();
/// Accepts finite numbers.
[[nodiscard]] CLI::Validator finite_number();
/// Accepts one of some words.
[[nodiscard]] CLI::Validator one_of(std::vector<std::string> words);

}  // namespace tequio::cli
