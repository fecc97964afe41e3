// SPDX-License-Identifier: MIT
#include "failures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "hint_words.hpp"
#include "say.hpp"
#include "tequio/interruption.hpp"

namespace tequio::cli {
namespace {

std::string timeout_text(const jobs::source_failure& failed, std::chrono::duration<double> timeout) {
  const unsigned attempts = failed.reason.attempts;
  return fmt::format("{}: took longer than {} s and was stopped{}; allow more with --timeout", failed.label,
                     timeout.count(), attempts > 1 ? fmt::format(" (tried {} times)", attempts) : "");
}

// An expression that does not fit is shown once, with its caret; each other source with the same problem has one line.
class told_failures {
 public:
  void tell(const jobs::source_failure& failed, std::chrono::duration<double> timeout) {
    const bool late = failed.reason.kind == verdict::timed_out;
    const std::string message = late ? timeout_text(failed, timeout) : failed.message(option_words);
    const std::size_t line_end = message.find('\n');
    const std::size_t object_end = std::min(message.find(": ", std::min(failed.label.size(), line_end)), line_end);
    const bool is_new = line_end == std::string::npos || m_told.insert(message.substr(object_end)).second;
    say("{}", is_new ? message : message.substr(0, line_end));
  }

 private:
  std::set<std::string> m_told{};
};

}  // namespace

run_end end_of(std::span<const jobs::source_failure> failures, std::size_t results) {
  if (interruption::count() > 0) return run_end::interrupted;
  const bool some_left = std::ranges::any_of(
      failures, [](const jobs::source_failure& failed) { return failed.reason.kind == verdict::cancelled; });
  if (some_left) return run_end::stopped;
  return results == 0 && !failures.empty() ? run_end::all_failed : run_end::complete;
}

exit_code report_failures(std::span<const jobs::source_failure> failures, std::size_t total, run_end end,
                          const job_words& words, std::chrono::duration<double> timeout) {
  std::size_t cancelled = 0;
  told_failures told;
  for (const jobs::source_failure& failed : failures) {
    if (failed.reason.kind == verdict::cancelled)
      ++cancelled;
    else
      told.tell(failed, timeout);
  }
  if (failures.size() > cancelled) say("{} of {} {} failed", failures.size() - cancelled, total, words.items);
  if (cancelled > 0) say("{} of {} {} were not {}", cancelled, total, words.items, words.done);
  switch (end) {
    case run_end::interrupted:
      say("interrupted");
      return exit_code::interrupted;
    case run_end::stopped:
      say("stopped at the first failure, as --fail-fast asks");
      return exit_code::could_not_run;
    case run_end::complete:
    case run_end::all_failed:
      break;
  }
  return failures.empty() ? exit_code::success : exit_code::some_failed;
}

}  // namespace tequio::cli
