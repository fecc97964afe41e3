// SPDX-License-Identifier: MIT
#include "tequio/jobs/source_failure.hpp"

#include <fmt/format.h>

namespace tequio::jobs {

std::string source_failure::message(hint_words words) const {
  // our own errors are whole sentences that name their object; of others the type is worth knowing
  if (reason.kind == verdict::error && !reason.exceptions.empty()) {
    const exception_text& thrown = reason.exceptions.front();
    if (thrown.type == "std::bad_alloc") return label + ": out of memory; use fewer workers";
    if (thrown.type.starts_with("tequio::")) {
      const std::string told = reworded(thrown.message, thrown.hint, words);
      const std::string named = told.starts_with(label) ? told : label + ": " + told;
      return reason.attempts > 1 ? fmt::format("{} (tried {} times)", named, reason.attempts) : named;
    }
  }
  return label + ": " + reason.describe();
}

}  // namespace tequio::jobs
