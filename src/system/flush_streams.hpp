// SPDX-License-Identifier: MIT
// Writes out what the program gave to stdio and to the standard streams of C++.
#pragma once

namespace tequio::detail {

/// Writes out what streams hold: else a forked child would print it a second time, and _exit() never.
void flush_streams();

/// The same for a process that ends, which may have threads that use streams: waits for none of them.
void flush_streams_of_ending_process();

}  // namespace tequio::detail
