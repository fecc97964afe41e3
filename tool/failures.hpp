// SPDX-License-Identifier: MIT
// How a job's end is told: a line for each item without a result, their number, and the exit code.
#pragma once

#include <cstddef>
#include <span>

#include "exit_code.hpp"
#include "tequio/jobs/source_failure.hpp"

namespace tequio::tool {

/// Prints every failure to standard error; items that a stop cancelled are only counted.
///
/// @param total items of the job; what they are: "files".
/// @return success, some_failed, or interrupted where a signal stopped the job.
exit_code report_failures(std::span<const jobs::source_failure> failures, std::size_t total, const char* what);

}  // namespace tequio::tool
