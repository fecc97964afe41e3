// SPDX-License-Identifier: MIT
// Thrown for what the user should write differently.
#pragma once

#include "tequio/error.hpp"

namespace tequio::cli {

class usage_error : public error {
 public:
  using error::error;
};

/// Runs what checks the user's words: an error of these is wrong usage.
template <class Check>
auto checked_usage(Check check) {
  try {
    return check();
  } catch (const error& wrong) {
    throw usage_error(wrong.parts());
  }
}

}  // namespace tequio::cli
