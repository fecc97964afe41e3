// SPDX-License-Identifier: MIT
// A limit on the size of files, which a test uses in place of a full disk.
#pragma once

#include <sys/resource.h>

#include <csignal>

namespace tequio::test {

/// While it lives, no file of this process grows beyond some bytes.
class file_size_limit {
 public:
  explicit file_size_limit(rlim_t bytes) : m_handler(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &m_before);
    const rlimit small{bytes, m_before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  file_size_limit(const file_size_limit&) = delete;
  file_size_limit& operator=(const file_size_limit&) = delete;
  ~file_size_limit() {
    ::setrlimit(RLIMIT_FSIZE, &m_before);
    std::signal(SIGXFSZ, m_handler);
  }

 private:
  rlimit m_before{};
  void (*m_handler)(int);
};

}  // namespace tequio::test
