// SPDX-License-Identifier: MIT
#include "failures.hpp"

#include <fmt/core.h>

#include <cstdio>

#include "tequio/interruption.hpp"

namespace tequio::tool {

exit_code report_failures(std::span<const jobs::source_failure> failures, std::size_t total, const char* what) {
  std::size_t cancelled = 0;
  for (const jobs::source_failure& failed : failures) {
    if (failed.reason.kind == verdict::cancelled)
      ++cancelled;
    else
      fmt::print(stderr, "tequio: {}\n", failed.message());
  }
  if (failures.size() > cancelled)
    fmt::print(stderr, "tequio: {} of {} {} failed\n", failures.size() - cancelled, total, what);
  if (cancelled > 0) fmt::print(stderr, "tequio: {} of {} {} were not read\n", cancelled, total, what);
  if (interruption::count() > 0) {
    fmt::print(stderr, "tequio: interrupted\n");
    return exit_code::interrupted;
  }
  return failures.empty() ? exit_code::success : exit_code::some_failed;
}

}  // namespace tequio::tool
