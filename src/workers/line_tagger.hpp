// SPDX-License-Identifier: MIT
// Passes on what comes out of pipes, line by line, each with a tag before it.
#pragma once

#include <span>
#include <string>

#include "tequio/descriptor.hpp"

namespace tequio::detail {

/// A pipe's read end, and where its lines go.
struct tagged_stream {
  descriptor from{};
  descriptor to{};
  std::string begun{};  ///< a line without its end yet
};

/// Passes lines on until every pipe has ended, or until `ended`'s other end is closed, and then what is in the pipes.
void tag_lines(std::span<tagged_stream> streams, const descriptor& ended, const std::string& tag);

}  // namespace tequio::detail
