// SPDX-License-Identifier: MIT
// Opens what is not a URL.
#pragma once

#include <string>

#include "tequio/descriptor.hpp"

namespace tequio::data {

/// Opens a file for reading.
///
/// Errors:  error that names `label`; an address of a scheme that is not supported (ftp://) is told from a wrong path.
[[nodiscard]] descriptor open_local(const std::string& path, const std::string& label);

}  // namespace tequio::data
