// SPDX-License-Identifier: MIT
// A small HTTP server on 127.0.0.1 that misbehaves as told, in a process of its own (no thread in the test's).
// It ends with its owner, at the latest after a minute.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace tequio::test {

/// A request as a handler sees it, and what the handler may do with its connection.
class http_exchange {
 public:
  http_exchange(int connection, std::string head, unsigned number);

  [[nodiscard]] unsigned number() const noexcept { return m_number; }  ///< 1 for the first request of its path
  /// The value of a header, empty without one; `name` in lower case.
  [[nodiscard]] std::string header(std::string_view name) const;

  void send(std::string_view bytes) const;
  void send_status(std::string_view status, std::string_view headers = {}, std::string_view body = {}) const;
  void send_page(std::string_view body, std::string_view headers = {}) const;
  [[noreturn]] void hang() const;
  [[noreturn]] void reset() const;  ///< closes with RST

 private:
  int m_connection;
  std::string m_head;
  unsigned m_number;
};

using http_handler = std::function<void(http_exchange&)>;

/// Serves `body` as good servers do: ETag, Range, If-Range.
[[nodiscard]] http_handler serve_page(std::string body, std::string tag = "\"1\"");

/// Lets `first` answer the first `times` requests, and `then` the others.
[[nodiscard]] http_handler serve_first(unsigned times, http_handler first, http_handler then);

/// Announces all of `body`, sends the first `bytes` bytes of the requested range, and closes.
[[nodiscard]] http_handler stop_after(std::string body, std::size_t bytes, std::string tag = "\"1\"");

/// The server; handlers by path, anything else is 404.
class http_server {
 public:
  explicit http_server(std::map<std::string, http_handler> handlers);
  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;
  ~http_server();

  [[nodiscard]] std::string url(const std::string& path) const;
  [[nodiscard]] unsigned port() const noexcept { return m_port; }
  /// Requests for `path` so far.
  [[nodiscard]] unsigned requests(const std::string& path) const;

 private:
  [[noreturn]] void run(int listener);
  void answer(int connection);

  std::map<std::string, http_handler> m_handlers;
  struct counters;
  counters* m_counters;  // shared with the server's processes
  unsigned m_port = 0;
  pid_t m_process = -1;
};

}  // namespace tequio::test
