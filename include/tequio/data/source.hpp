// SPDX-License-Identifier: MIT
// Where bytes come from, as users write it: paths, globs, list files, URLs, ranges.
// Use expand_sources() on command-line words; what it returns is opened by open_file() or open_table().
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tequio/error.hpp"

namespace tequio::data {

/// One place bytes come from.
struct source {
  std::string address{};  ///< a path, or an http:// or https:// URL
  std::string label{};    ///< what messages and results call it: the address, without a URL's user and password
};

/// The source at `address`, with its label.
[[nodiscard]] source make_source(std::string address);

/// Whether `address` starts with http:// or https://, in any case.
[[nodiscard]] bool is_url(std::string_view address) noexcept;

/// Whether the address ends in `ending`, in any case; the query and the fragment of a URL are left aside.
[[nodiscard]] bool is_named(const source& from, std::string_view ending);

/// Turns words as users write them into sources, in the order given.
///
/// A word is: the name of a file that is there (it always wins); `@FILE`, a list of words, one per line, where blank
/// lines and those starting with # are skipped; a pattern with `{01..32}` (as wide as written) or `{a,b,c}`; a glob
/// with `*`, `?`, `[a-z]` and `**` for any folders, sorted so that file_2 comes before file_10; a URL; any other path,
/// also of a file that is missing.
///
/// Blocks:  while folders and list files are read.
/// Errors:  error naming the word: a glob without a match, a broken pattern, more than 1,000,000 sources from a
///          pattern, a list that cannot be read. A plain path that does not exist is no error here.
[[nodiscard]] std::vector<source> expand_sources(std::span<const std::string> words);

}  // namespace tequio::data
