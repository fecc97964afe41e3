// SPDX-License-Identifier: MIT
// A census zip taken apart: its text, its rows, its fields. By libzip and the simplest reading of CSV.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tequio::test {

using csv_row = std::vector<std::string>;

/// The only member of a zip; throws std::runtime_error when the archive or its sum is wrong.
[[nodiscard]] std::string only_member(const std::filesystem::path& zip, const std::string& name);

/// The rows of a CSV text with its header; a mark of UTF-8 is taken off, a line ends with LF or CRLF.
[[nodiscard]] std::vector<csv_row> csv_rows(std::string_view text);

}  // namespace tequio::test
