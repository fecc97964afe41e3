// SPDX-License-Identifier: MIT
// The first call in a program that spawns processes: `int main(int argc, char** argv) { tequio::worker_main(argc,
// argv);` Not needed where processes are forked.
#pragma once

#include "tequio/detail/base/requirements.hpp"

namespace tequio {

/// Returns in a program that the user started. In an image that `start_method::spawn` started it runs the callable of
/// that process, and then ends the process.
void worker_main(int argc, char** argv);

}  // namespace tequio
