// SPDX-License-Identifier: MIT
// The columns that the names of an expression stand for: those of a table, or a set of arrays.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tequio/error.hpp"

namespace tequio::expr {

/// The type of a column's values.
enum class column_type : std::uint8_t {
  cell,  ///< a text that each use reads as the type it needs: number, text or truth
  number,
  text,
  truth,
};

struct column {
  std::string name{};
  column_type type = column_type::cell;
};

struct schema {
  std::string name{};  ///< of the table, for messages
  std::vector<column> columns{};
  std::string unknown_name_cure{};  ///< for a name that no column has, in place of a list of the columns
  hint unknown_name_hint{};
};

}  // namespace tequio::expr
