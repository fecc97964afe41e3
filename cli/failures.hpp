// SPDX-License-Identifier: MIT
// The report at the end of a job: one line per item without a result, their number, and the exit code.
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string_view>

#include "exit_code.hpp"
#include "tequio/jobs/source_failure.hpp"

namespace tequio::cli {

enum class run_end {
  complete,     ///< every item has a verdict of its own
  all_failed,   ///< every item has a verdict, and none has a result
  stopped,      ///< --fail-fast left items undone
  interrupted,  ///< by a signal
};

/// How a job with this number of results and these failures ended; its `interruption` must still live.
[[nodiscard]] run_end end_of(std::span<const jobs::source_failure> failures, std::size_t results);

/// The words for a job's items in its last lines: "3 of 10 files failed", "7 of 10 files were not read".
struct job_words {
  std::string_view item = "file";
  std::string_view items = "files";
  std::string_view done = "read";
};

/// Prints every failure to standard error; items that a stop cancelled are only counted.
///
/// @param total items of the job.
/// @param timeout of each item, 0 for none.
exit_code report_failures(std::span<const jobs::source_failure> failures, std::size_t total, run_end end,
                          const job_words& words, std::chrono::duration<double> timeout);

}  // namespace tequio::cli
