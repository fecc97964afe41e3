// SPDX-License-Identifier: MIT
// The exit codes of the tool.
#pragma once

namespace tequio::cli {

enum class exit_code : int {
  success = 0,
  some_failed = 1,    ///< the job is done, but some items have no result
  wrong_usage = 2,    ///< options, expressions and patterns that make no sense
  could_not_run = 3,  ///< no memory, no workers, no place for the output; or stopped by --fail-fast
  interrupted = 130,  ///< Ctrl-C, as shells expect it
};

}  // namespace tequio::cli
