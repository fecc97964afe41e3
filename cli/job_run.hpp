// SPDX-License-Identifier: MIT
// The run of a job, the same for all commands that have one: engine, output, progress, interruption, result, report.
// A command says what its job does with an engine and how the result is written.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "common_options.hpp"
#include "exit_code.hpp"
#include "failures.hpp"
#include "output.hpp"
#include "tequio/data/source.hpp"
#include "tequio/engine.hpp"
#include "tequio/jobs/source_failure.hpp"

namespace tequio::cli {

/// The outcome of a job's items.
struct job_tally {
  std::size_t items = 0;    ///< of the job
  std::size_t results = 0;  ///< that its output has
  std::vector<jobs::source_failure> failures{};
  std::vector<std::string> warnings{};
};

/// The part of a job that differs from command to command.
struct job {
  job_words words{};
  std::span<const data::source> sources{};  ///< the output may replace none of these
  /// Makes what the job needs, such as a folder, before the output is opened. May be left out.
  std::function<void()> prepare{};
  /// Runs the items on an engine. The command keeps the result for write().
  std::function<job_tally(any_engine& crew, const map_options& run)> run{};
  /// Writes the result; called after run() if the output takes it.
  std::function<void(output& result)> write{};
};

/// Runs a job from its engine to its report.
///
/// Blocks:  until all items have a verdict, or a signal stops them.
/// Errors:  usage_error for options that contradict each other; error where the engine or the output cannot be made.
[[nodiscard]] exit_code run_job(const job& what, const common_options& common);

}  // namespace tequio::cli
