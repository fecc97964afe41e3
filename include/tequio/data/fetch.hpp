// SPDX-License-Identifier: MIT
// Fetches an http(s) page into a temporary file that has no name, with retries and resumption.
// Use open_file() where the address may also be a path.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "tequio/data/source.hpp"

namespace tequio::data {

class file;

/// How patient fetch() is, and what it allows.
struct fetch_options {
  std::chrono::milliseconds connect_timeout{15'000};    ///< for each attempt: name, connection, TLS
  std::chrono::seconds stall_timeout{30};               ///< an attempt ends after so long below `stall_speed`
  std::uint64_t stall_speed = 100;                      ///< bytes per second
  std::chrono::milliseconds total_timeout{21'600'000};  ///< for all attempts and the waits between them
  std::uint64_t most_bytes = std::uint64_t{16} << 30;   ///< of the page, counted as they arrive
  unsigned retries = 3;                                 ///< attempts after the first
  std::chrono::milliseconds first_wait{500};            ///< before the first retry; doubled for each further one
  std::chrono::milliseconds longest_wait{30'000};       ///< caps the doubling and what the server asks (Retry-After)
  unsigned redirects = 10;                              ///< followed, to http and https only
  std::string ca_file{};                                ///< PEM certificates to trust in place of the system's
};

/// Fetches `from` into a temporary file in TMPDIR (else /tmp), which is gone when the result is closed.
///
/// A broken transfer is resumed where the server can say that the page is still the same (a strong ETag or
/// Last-Modified), and begun again where it cannot. A page sent with Content-Encoding though none was asked is decoded.
/// Proxies come from the environment (http_proxy, https_proxy, no_proxy).
///
/// Blocks:  until the page is complete, failed, or `total_timeout` is over.
/// Errors:  error naming the label (never the user and password of a URL) in words, with the number of attempts.
///          Tried again: a connection that breaks, stalls or times out, a name that does not resolve, and the answers
///          408, 429, 500, 502, 503, 504. Final at once: other answers, refused connections, TLS, redirects.
/// Safety:  callable from any thread. No signal handler is installed and SIGPIPE cannot arise. While a host name is
///          resolved libcurl runs a helper thread, which has ended when this returns.
[[nodiscard]] file fetch(const source& from, const fetch_options& options = {});

}  // namespace tequio::data
