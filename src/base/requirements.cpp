// SPDX-License-Identifier: MIT
#include "tequio/detail/base/requirements.hpp"

const char TEQUIO_DEBUG_MODE = 1;
const char TEQUIO_STRING_ABI = 1;
