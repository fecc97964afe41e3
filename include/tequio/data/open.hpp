// SPDX-License-Identifier: MIT
// Opens a table wherever it is: a path or a URL, plain, gzipped, or in a zip archive.
// Use it for formats that are read forward (CSV); use open_file() and zip_archive for others.
#pragma once

#include <memory>
#include <string>

#include "tequio/data/fetch_options.hpp"
#include "tequio/data/format_error.hpp"
#include "tequio/data/inflate.hpp"
#include "tequio/data/input.hpp"
#include "tequio/data/source.hpp"
#include "tequio/error.hpp"

namespace tequio::data {

/// How open_table() fetches, inflates and chooses.
struct open_options {
  fetch_options fetch{};
  inflate_limits limits{};
  std::string member{};  ///< a glob that names the table in a zip archive; needed where find_table() has no rule
};

/// The table at `from`, inflated, named "file.csv" or "archive.zip:member.csv".
///
/// The content decides how it is read, not the name: a zip archive, gzip data, else as it is.
///
/// Blocks:  until a URL is fetched whole; a path only while its first bytes are read.
/// Errors:  error and format_error of open_file(), zip_archive and find_table(); an empty .zip or .gz; an HTML page;
///          Zstandard, bzip2 and xz, which are not supported. An empty plain file is an empty table, not an error.
[[nodiscard]] std::unique_ptr<input> open_table(const source& from, const open_options& options = {});

}  // namespace tequio::data
