// SPDX-License-Identifier: MIT
#include "support/net/http_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <charconv>
#include <new>
#include <stdexcept>
#include <utility>

#include "support/longest_test.hpp"

namespace tequio::test {
namespace {

[[noreturn]] void fail(const char* what) { throw std::runtime_error(std::string("http_server: ") + what); }

sockaddr* as_address(sockaddr_in& address) { return reinterpret_cast<sockaddr*>(&address); }

int listen_anywhere(unsigned& port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  if (listener < 0 || ::bind(listener, as_address(address), size) != 0 || ::listen(listener, 64) != 0 ||
      ::getsockname(listener, as_address(address), &size) != 0)
    fail("no port");
  port = ntohs(address.sin_port);
  return listener;
}

std::string read_head(int connection) {
  std::string head;
  std::array<char, 4096> buffer{};
  while (head.find("\r\n\r\n") == std::string::npos) {
    const ssize_t count = ::recv(connection, buffer.data(), buffer.size(), 0);
    if (count <= 0) return {};
    head.append(buffer.data(), static_cast<std::size_t>(count));
    if (!std::isalpha(static_cast<unsigned char>(head.front()))) break;  // not HTTP: answered as an unknown path is
  }
  return head;
}

/// The first byte asked for by "bytes=1234-", if the page is still the one of `tag`.
std::size_t first_asked(const http_exchange& exchange, const std::string& tag) {
  const std::string range = exchange.header("range");
  if (!range.starts_with("bytes=")) return 0;
  if (const std::string condition = exchange.header("if-range"); !condition.empty() && condition != tag) return 0;
  std::size_t first = 0;
  std::from_chars(range.data() + 6, range.data() + range.size(), first);
  return first;
}

void send_from(const http_exchange& exchange, const std::string& body, const std::string& tag, std::size_t most) {
  const std::size_t first = first_asked(exchange, tag);
  const std::string all = std::to_string(body.size());
  if (first >= body.size() && first > 0) return exchange.send_status("416 Range Not Satisfiable");
  std::string head = first == 0 ? "HTTP/1.1 200 OK\r\n"
                                : "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes " + std::to_string(first) +
                                      "-" + std::to_string(body.size() - 1) + "/" + all + "\r\n";
  head +=
      "Content-Length: " + std::to_string(body.size() - first) + "\r\nAccept-Ranges: bytes\r\nConnection: close\r\n";
  if (!tag.empty()) head += "ETag: " + tag + "\r\n";
  exchange.send(head + "\r\n");
  exchange.send(std::string_view(body).substr(first, most));
}

}  // namespace

struct http_server::counters {
  static constexpr std::size_t most_paths = 64;
  std::array<std::atomic<unsigned>, most_paths> requests{};
};

http_exchange::http_exchange(int connection, std::string head, unsigned number)
    : m_connection(connection), m_head(std::move(head)), m_number(number) {}

std::string http_exchange::header(std::string_view name) const {
  std::string_view rest = m_head;
  for (;;) {
    const auto end = rest.find("\r\n");
    if (end == std::string_view::npos) return {};
    rest.remove_prefix(end + 2);
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    std::string key(line.substr(0, line.find(':')));
    std::transform(key.begin(), key.end(), key.begin(), [](unsigned char c) { return std::tolower(c); });
    if (key == name && line.size() > key.size())
      return std::string(line.substr(line.find_first_not_of(' ', key.size() + 1)));
  }
}

void http_exchange::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t count = ::send(m_connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) ::_exit(0);  // the client has gone
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void http_exchange::send_status(std::string_view status, std::string_view headers, std::string_view body) const {
  std::string head = "HTTP/1.1 ";
  head += status;
  head += "\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n";
  head += headers;
  send(head + "\r\n");
  send(body);
}

void http_exchange::send_page(std::string_view body, std::string_view headers) const {
  send_status("200 OK", headers, body);
}

void http_exchange::hang() const {
  for (;;) ::pause();
}

void http_exchange::reset() const {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(m_connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  ::close(m_connection);
  ::_exit(0);
}

http_handler serve_page(std::string body, std::string tag) {
  return [=](http_exchange& exchange) { send_from(exchange, body, tag, std::string::npos); };
}

http_handler serve_first(unsigned times, http_handler first, http_handler then) {
  return [=](http_exchange& exchange) { exchange.number() <= times ? first(exchange) : then(exchange); };
}

http_handler stop_after(std::string body, std::size_t bytes, std::string tag) {
  return [=](http_exchange& exchange) { send_from(exchange, body, tag, bytes); };
}

http_server::http_server(std::map<std::string, http_handler> handlers) : m_handlers(std::move(handlers)) {
  if (m_handlers.size() > counters::most_paths) fail("too many paths");
  void* shared = ::mmap(nullptr, sizeof(counters), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) fail("no memory");
  m_counters = new (shared) counters;
  ::setenv("no_proxy", "*", 1);  // whatever the machine's user has set
  const int listener = listen_anywhere(m_port);
  m_process = ::fork();
  if (m_process < 0) fail("no process");
  if (m_process == 0) run(listener);
  ::setpgid(m_process, m_process);  // in both processes, so that it is done when either goes on
  ::close(listener);
}

http_server::~http_server() {
  ::kill(-m_process, SIGKILL);
  ::waitpid(m_process, nullptr, 0);
  ::munmap(m_counters, sizeof(counters));
}

std::string http_server::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(m_port) + path;
}

unsigned http_server::requests(const std::string& path) const {
  const auto found = m_handlers.find(path);
  if (found == m_handlers.end()) fail("no such path");
  return m_counters->requests[static_cast<std::size_t>(std::distance(m_handlers.begin(), found))];
}

void http_server::run(int listener) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::signal(SIGCHLD, SIG_IGN);
  ::alarm(longest_helper);
  for (;;) {
    const int connection = ::accept(listener, nullptr, nullptr);
    if (connection < 0) continue;
    if (::fork() == 0) {  // one process per connection: a slow one delays no other
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::alarm(longest_helper);
      ::close(listener);
      answer(connection);
      ::_exit(0);
    }
    ::close(connection);
  }
}

void http_server::answer(int connection) {
  std::string head = read_head(connection);
  if (head.empty()) return;
  const std::string path = head.substr(head.find(' ') + 1, head.find(' ', head.find(' ') + 1) - head.find(' ') - 1);
  const auto found = m_handlers.find(path);
  if (found == m_handlers.end())
    return http_exchange(connection, head, 1).send_status("404 Not Found", {}, "no such page");
  auto& count = m_counters->requests[static_cast<std::size_t>(std::distance(m_handlers.begin(), found))];
  http_exchange exchange(connection, std::move(head), ++count);
  found->second(exchange);
  ::shutdown(connection, SHUT_WR);
}

}  // namespace tequio::test
