// SPDX-License-Identifier: MIT
#include "tequio/jobs/version.hpp"

const char* tequio::jobs::version() noexcept { return "0.1.0"; }
