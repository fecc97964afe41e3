// SPDX-License-Identifier: MIT
// Writes out what the program gave to stdio and to the standard streams of C++.
#pragma once

namespace tequio::detail {

/// Writes out what streams hold: else a forked child would print it a second time, and _exit() never.
void flush_streams();

}  // namespace tequio::detail
