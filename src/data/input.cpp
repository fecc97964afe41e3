// SPDX-License-Identifier: MIT
#include "tequio/data/input.hpp"
