// SPDX-License-Identifier: MIT
// Thrown when bytes are not what their format says: it names the file, the place and the cure.
#pragma once

#include <utility>

#include "tequio/error.hpp"

namespace tequio::data {

/// A file, archive, table or stream that breaks its format; the problem's text names the place (byte, line, column).
class format_error : public error {
 public:
  explicit format_error(error_parts parts) : error(std::move(parts)) {}
};

}  // namespace tequio::data
