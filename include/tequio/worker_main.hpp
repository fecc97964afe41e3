// SPDX-License-Identifier: MIT
// What a program that spawns processes begins with: `int main(int argc, char** argv) { tequio::worker_main(argc, argv);`
// Not needed where processes are forked.
#pragma once

#include "tequio/detail/base/requirements.hpp"

namespace tequio {

/// Returns in a program as the user started it. In an image that `start_method::spawn` started it runs what that process
/// is for, and ends with it.
void worker_main(int argc, char** argv);

}  // namespace tequio
