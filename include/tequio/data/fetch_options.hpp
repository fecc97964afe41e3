// SPDX-License-Identifier: MIT
// How patient fetch() is, and what it allows.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "tequio/detail/base/requirements.hpp"

namespace tequio::data {

/// How patient fetch() is, and what it allows.
struct fetch_options {
  std::chrono::milliseconds connect_timeout{15'000};    ///< for each attempt: name, connection, TLS
  std::chrono::seconds stall_timeout{30};               ///< an attempt that is below `stall_speed` for this time ends
  std::uint64_t stall_speed = 100;                      ///< bytes per second
  std::chrono::milliseconds total_timeout{21'600'000};  ///< for all attempts and the waits between them
  std::uint64_t most_bytes = std::uint64_t{16} << 30;   ///< of the page, counted as they arrive
  unsigned retries = 3;                                 ///< attempts after the first
  std::chrono::milliseconds first_wait{500};            ///< before the first retry; doubled for each further one
  std::chrono::milliseconds longest_wait{30'000};       ///< caps the doubling and what the server asks (Retry-After)
  unsigned redirects = 10;                              ///< followed, to http and https only
  std::string ca_file{};                                ///< PEM certificates to trust in place of the system's
};

}  // namespace tequio::data
