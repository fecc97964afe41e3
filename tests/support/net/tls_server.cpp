// SPDX-License-Identifier: MIT
#include "support/net/tls_server.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cctype>
#include <cstdlib>
#include <stdexcept>
#include <string_view>

#include "support/longest_test.hpp"

namespace tequio::test {
namespace {

constexpr const char* program = "/usr/bin/openssl";

/// Reads "ACCEPT 127.0.0.1:45678" and gives the port; empty when the server ends before it says so.
std::string read_port(int from) {
  std::string text;
  char c = 0;
  while (::read(from, &c, 1) == 1) {
    text += c;
    if (c == '\n' && text.find("ACCEPT") != std::string::npos) break;
  }
  while (!text.empty() && std::isdigit(static_cast<unsigned char>(text.back())) == 0) text.pop_back();
  return text.substr(text.rfind(':') + 1);
}

}  // namespace

bool tls_server::is_possible() { return ::access(program, X_OK) == 0; }

tls_server::tls_server() {
  m_folder.write("page", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\npage");
  const std::string make = std::string(program) +
                           " req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=tequio -addext " +
                           "subjectAltName=IP:127.0.0.1 -keyout " + m_folder.path().string() + "/key.pem -out " +
                           certificate() + " 2>/dev/null";
  if (std::system(make.c_str()) != 0) throw std::runtime_error("tls_server: no certificate");
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("tls_server: no pipe");
  m_process = ::fork();
  if (m_process == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::alarm(longest_helper);
    ::dup2(::open("/dev/null", O_RDWR), STDIN_FILENO);
    ::dup2(ends[1], STDOUT_FILENO);
    ::dup2(STDIN_FILENO, STDERR_FILENO);
    if (::chdir(m_folder.path().c_str()) != 0) ::_exit(1);
    ::execl(program, program, "s_server", "-accept", "127.0.0.1:0", "-cert", "certificate.pem", "-key", "key.pem",
            "-HTTP", nullptr);
    ::_exit(127);
  }
  ::close(ends[1]);
  m_port = read_port(ends[0]);
  ::close(ends[0]);
  if (m_process < 0 || m_port.empty()) throw std::runtime_error("tls_server: no server");
}

tls_server::~tls_server() {
  ::kill(m_process, SIGKILL);
  ::waitpid(m_process, nullptr, 0);
}

}  // namespace tequio::test
