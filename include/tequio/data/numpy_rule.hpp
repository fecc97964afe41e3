// SPDX-License-Identifier: MIT
// Which NumPy's sums are meant: NumPy 2.3 changed the order in which it adds numbers, and with it the last bits.
#pragma once

#include <cstdint>
#include <string_view>

#include "tequio/error.hpp"

namespace tequio::data {

/// The order of additions, named after the first NumPy that has it or the newest that had it.
enum class numpy_rule : std::uint8_t {
  until_2_2,  ///< blocks of 8,192 numbers, pairwise inside each
  since_2_3,  ///< pairwise over all numbers; blocks where NumPy converts real ones or swaps their bytes
};

/// The rule of a version: "1.24", "2.4.6"; what is left out is 0.
///
/// Errors:  error where `version` is not one to four numbers with dots between them.
[[nodiscard]] numpy_rule numpy_rule_of(std::string_view version);

}  // namespace tequio::data
