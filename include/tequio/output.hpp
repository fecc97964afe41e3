// SPDX-License-Identifier: MIT
// What becomes of what a process prints.
#pragma once

#include <cstdint>

#include "tequio/detail/base/requirements.hpp"

namespace tequio {

/// Where the standard output and error of a process lead.
enum class output : std::uint8_t {
  inherited,  ///< where its parent's lead
  tagged,     ///< there too, each line whole and with "[name] " before it (in a pipe that several such processes lead
              ///< to, whole up to 4096 bytes); a crash loses none that it wrote
  captured,   ///< both, in the order written, into memory that `process::output()` reads, also after a crash
};

}  // namespace tequio
