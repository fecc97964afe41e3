// SPDX-License-Identifier: MIT
// One HTTP request into a file that may hold the beginning of the page already. fetch() repeats it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "tequio/data/fetch_options.hpp"
#include "tequio/data/source.hpp"
#include "tequio/descriptor.hpp"

namespace tequio::data {

/// What has arrived of a page.
///
/// Invariant: the file's first `bytes` bytes are the page's, and the page is still the same while the server agrees
/// with `validator`; without one it must be fetched from its beginning.
struct partial_page {
  descriptor content{};
  std::uint64_t bytes = 0;
  std::optional<std::uint64_t> size{};  ///< as the server announced it
  std::string validator{};              ///< a strong ETag, else Last-Modified
};

enum class attempt_end { complete, worth_retrying, final };

/// How a request ended, in words if not well.
struct attempt_report {
  attempt_end end = attempt_end::complete;
  std::string problem{};
  std::string cure{};
  std::optional<std::chrono::seconds> retry_after{};  ///< the wait that the server asks for
};

/// Requests what `page` still lacks of `from`, within `time_left`.
///
/// Errors:  error when the page is over its limit, or cannot be written; server and network are the report's.
[[nodiscard]] attempt_report attempt(const source& from, const fetch_options& options,
                                     std::chrono::milliseconds time_left, partial_page& page);

}  // namespace tequio::data
