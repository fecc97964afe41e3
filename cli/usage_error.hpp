// SPDX-License-Identifier: MIT
// The error for a command line that must be written differently.
#pragma once

#include "tequio/error.hpp"

namespace tequio::cli {

class usage_error : public error {
 public:
  using error::error;
};

/// Runs a check of the user's words; an error from it becomes a usage_error.
template <class Check>
auto checked_usage(Check check) {
  try {
    return check();
  } catch (const error& wrong) {
    throw usage_error(wrong.parts());
  }
}

}  // namespace tequio::cli
