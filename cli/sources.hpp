// SPDX-License-Identifier: MIT
// The sources that words of the command line name: paths, globs, lists, ranges, URLs.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "tequio/data/source.hpp"

namespace tequio::cli {

/// data::expand_sources() for words of the command line.
///
/// Errors:  usage_error naming the word that is empty, is no pattern, or leads to no file.
[[nodiscard]] std::vector<data::source> sources_of(std::span<const std::string> words);

}  // namespace tequio::cli
