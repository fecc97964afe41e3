// SPDX-License-Identifier: MIT
#include "tequio/data/fetch.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <thread>
#include <utility>

#include "data/source/http_attempt.hpp"
#include "system/system.hpp"
#include "tequio/data/file.hpp"
#include "tequio/descriptor.hpp"
#include "tequio/error.hpp"

namespace tequio::data {
namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// A file in TMPDIR (else /tmp) that has no name and is gone when it is closed, however the program ends.
descriptor make_temporary_file() {
  const char* named = ::secure_getenv("TMPDIR");
  const std::string folder = named != nullptr && *named != '\0' ? named : "/tmp";
  int number = system::retry([&] { return ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600); });
  if (number < 0) {  // not every file system knows O_TMPFILE
    std::string path = folder + "/tequio-XXXXXX";
    number = system::retry([&] { return ::mkostemp(path.data(), O_CLOEXEC); });
    if (number < 0)
      throw system::failure(folder, "no temporary file can be made in it",
                            "set TMPDIR to a folder that can be written");
    ::unlink(path.c_str());
  }
  return system::above_standard_streams(descriptor(number));
}

/// How long to wait before the retry of this number, the first being 0.
milliseconds wait_before(unsigned retry, const attempt_report& report, const fetch_options& options) {
  milliseconds wait = options.first_wait;
  for (unsigned i = 0; i < retry && wait < options.longest_wait; ++i) wait *= 2;
  if (report.retry_after)
    wait = std::max(wait, milliseconds(std::min(*report.retry_after, std::chrono::seconds(86'400))));
  return std::min(wait, options.longest_wait);
}

[[noreturn]] void give_up(const source& from, const attempt_report& report, unsigned attempts) {
  const std::string tried = attempts > 1 ? " (tried " + std::to_string(attempts) + " times)" : "";
  throw error({.object = from.label, .problem = report.problem + tried, .cure = report.cure});
}

}  // namespace

file fetch(const source& from, const fetch_options& options) {
  const auto deadline = clock::now() + options.total_timeout;
  const auto time_left = [&] { return std::chrono::ceil<milliseconds>(deadline - clock::now()); };
  partial_page page{.content = make_temporary_file()};
  for (unsigned attempts = 1;; ++attempts) {
    const attempt_report report = attempt(from, options, std::max(time_left(), milliseconds(1)), page);
    if (report.end == attempt_end::complete) return file(std::move(page.content), page.bytes, from.label);
    if (report.end == attempt_end::final || attempts > options.retries) give_up(from, report, attempts);
    const milliseconds wait = wait_before(attempts - 1, report, options);
    if (wait >= time_left()) give_up(from, report, attempts);
    std::this_thread::sleep_for(wait);
  }
}

}  // namespace tequio::data
