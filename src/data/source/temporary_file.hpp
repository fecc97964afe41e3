// SPDX-License-Identifier: MIT
// A file without a name, for bytes that are too many for memory.
#pragma once

#include "tequio/descriptor.hpp"

namespace tequio::data {

/// A file for reading and writing in TMPDIR (else /tmp) that is gone when it is closed, whatever happens.
///
/// Errors:  error naming the folder.
[[nodiscard]] descriptor make_temporary_file();

}  // namespace tequio::data
