// SPDX-License-Identifier: MIT
// A source that a job could not use, and why; the job's other sources are not touched by it.
#pragma once

#include <string>

#include "tequio/outcome.hpp"

namespace tequio::jobs {

/// The verdict of one source without a result.
struct source_failure {
  std::string label{};  ///< the source as the user wrote it
  failure reason{};

  /// One line that names the source, the problem and the cure, a hint in the words given.
  [[nodiscard]] std::string message(hint_words words = library_words) const;
};

}  // namespace tequio::jobs
