// SPDX-License-Identifier: MIT
#include "tequio/version.hpp"

const char* tequio::version() noexcept { return TEQUIO_VERSION; }
