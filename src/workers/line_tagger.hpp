// SPDX-License-Identifier: MIT
// Copies the lines that come out of pipes, each with a tag before it.
#pragma once

#include <span>
#include <string>

#include "tequio/descriptor.hpp"

namespace tequio::detail {

/// A pipe's read end, and where its lines go.
struct tagged_stream {
  descriptor from{};
  descriptor to{};
  std::string begun{};  ///< a line whose end has not come yet
};

/// Copies lines until every pipe has ended, or until the other end of `ended` is closed; then copies what is in the
/// pipes.
void tag_lines(std::span<tagged_stream> streams, const descriptor& ended, const std::string& tag);

}  // namespace tequio::detail
