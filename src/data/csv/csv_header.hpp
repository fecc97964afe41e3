// SPDX-License-Identifier: MIT
// The names of a table's columns, made unique as pandas does.
#pragma once

#include <string>
#include <vector>

namespace tequio::data {

/// `A,A,` becomes `A`, `A.1`, `Unnamed: 2`; a name made so never meets another of the header.
[[nodiscard]] std::vector<std::string> unique_column_names(std::vector<std::string> header);

}  // namespace tequio::data
