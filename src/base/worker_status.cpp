// SPDX-License-Identifier: MIT
#include "tequio/worker_status.hpp"

#include <fmt/core.h>

#include <utility>

#include "base/signal_name.hpp"

namespace tequio {
namespace {

// The end of a worker, as the second half of a sentence.
std::string describe(const failure& reason) {
  if (reason.kind == verdict::error) {
    const std::string what = reason.describe();
    return "threw " + (what.empty() ? "an exception that could not be kept" : what);
  }
  std::string text;
  if (reason.signal != 0)
    text = fmt::format("was killed by {} before its callable returned", detail::signal_name(reason.signal));
  else if (reason.exit_code >= 0)
    text = fmt::format("exited with code {} before its callable returned", reason.exit_code);
  else
    text = "ended before its callable returned; why is not known, as somebody else waited for it";
  if (reason.peak_memory_bytes != 0) text += fmt::format(" (peak memory {} MiB)", reason.peak_memory_bytes >> 20U);
  if (!reason.last_output.empty()) text += fmt::format("; its last output was \"{}\"", reason.last_output);
  return text;
}

}  // namespace

std::string worker_status::describe() const {
  switch (state) {
    case worker_state::running:
      return "running";
    case worker_state::returned:
      return "returned";
    case worker_state::threw:
      return "threw an exception";
    case worker_state::exited:
      return fmt::format("exited with code {}", exit_code);
    case worker_state::killed:
      return "killed by " + detail::signal_name(signal);
    case worker_state::unknown:
      break;
  }
  return "ended, nobody knows how";
}

worker_error::worker_error(std::string worker, tequio::failure reason, std::string cure)
    : error({.object = fmt::format("{} (pid {})", worker, reason.pid),
             .problem = tequio::describe(reason),
             .cure = std::move(cure)}),
      m_failure(std::move(reason)) {}

}  // namespace tequio
