// SPDX-License-Identifier: MIT
// How a process is started.
#pragma once

#include <string>

#include "tequio/output.hpp"
#include "tequio/unsafe_fork.hpp"

namespace tequio {

/// How the process comes into being.
enum class start_method {
  /// A copy of the calling program: any callable, which sees all there is. Only while the program has one thread.
  fork,
  /// A fresh image of the same program, in a program with any number of threads. Its main() begins with
  /// tequio::worker_main(argc, argv); callable and arguments must be tequio::shippable: a function or a lambda without
  /// captures, arguments that can be serialised, std::ref of tequio's handles (mutex, queue, shared_array, …). A global
  /// variable is another one there, a handle too: hand it over.
  spawn,
};

/// Options of a process; give those that differ: `process p({.name = "uno"}, work)`.
struct process_options {
  std::string name{};                         ///< empty: "process-1" and so on
  start_method start = start_method::fork;    ///< how it comes into being
  tequio::output output = output::inherited;  ///< where what it prints goes
  tequio::forking forking = forking::single_threaded;
};

}  // namespace tequio
