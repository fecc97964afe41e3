// SPDX-License-Identifier: MIT
// How a process is started.
#pragma once

#include <cstdint>
#include <string>

#include "tequio/unsafe_fork.hpp"

namespace tequio {

/// How the process is made.
enum class start_method {
  /// A copy of the calling process, for any callable, which sees all of its memory. Only while the program has one
  /// thread.
  fork,
  /// A fresh image of the same program, for programs with any number of threads. Its main() begins with
  /// tequio::worker_main(argc, argv); callable and arguments must be tequio::shippable: a function or a lambda without
  /// captures, arguments that can be serialised, std::ref of tequio's handles (mutex, queue, shared_array, …). A global
  /// variable is a different object there, also a handle: pass it as an argument.
  spawn,
};

/// Where the standard output and error of a process go.
enum class output_mode : std::uint8_t {
  inherited,  ///< where its parent's go
  tagged,     ///< there as well, each line whole and with "[name] " before it (whole up to 4096 bytes in a pipe that
              ///< several such processes write to); a crash loses no line that was written
  captured,   ///< both, in the order written, into memory that `process::output()` reads, also after a crash
};

/// Options of a process; name those that differ from the defaults: `process p({.name = "uno"}, work)`.
struct process_options {
  std::string name{};                           ///< empty: "process-1" and so on
  start_method start = start_method::fork;      ///< how it is made
  output_mode output = output_mode::inherited;  ///< where what it prints goes
  tequio::forking forking = forking::single_threaded;
};

}  // namespace tequio
