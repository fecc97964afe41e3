// SPDX-License-Identifier: MIT
#include "tequio/jobs/source_failure.hpp"

namespace tequio::jobs {

std::string source_failure::message() const {
  // our own errors are whole sentences that name their object; of others the type is worth knowing
  if (reason.kind == verdict::error && !reason.exceptions.empty()) {
    const exception_text& thrown = reason.exceptions.front();
    if (thrown.type.starts_with("tequio::")) {
      const bool names_it = thrown.message.starts_with(label) || thrown.message.find('^') != std::string::npos;
      return names_it ? thrown.message : label + ": " + thrown.message;
    }
  }
  return label + ": " + reason.describe();
}

}  // namespace tequio::jobs
