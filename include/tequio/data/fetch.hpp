// SPDX-License-Identifier: MIT
// Fetches an http(s) page into a temporary file that has no name, with retries and resumption.
// Use open_file() where the address may also be a path.
#pragma once

#include "tequio/data/fetch_options.hpp"
#include "tequio/data/source.hpp"
#include "tequio/error.hpp"

namespace tequio::data {

class file;

/// Fetches `from` into a temporary file in TMPDIR (else /tmp), which is gone when the result is closed.
///
/// A broken transfer is resumed where the server can say that the page is still the same (a strong ETag or
/// Last-Modified), and begun again where it cannot. A page that comes with a Content-Encoding is decoded.
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
