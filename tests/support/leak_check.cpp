// SPDX-License-Identifier: MIT
#include "support/leak_check.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "support/longest_test.hpp"
#include "tequio/detail/memory/arena.hpp"

namespace tequio::test {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> open_descriptors() {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    const fs::path target = fs::read_symlink(entry.path(), gone);
    // the listing's own descriptor, and the arena, which a program keeps once it has it
    if (gone || target.string().find("/fd") != std::string::npos || target.string().starts_with("/memfd:tequio"))
      continue;
    found.push_back(entry.path().filename().string() + " -> " + target.string());
  }
  return found;
}

}  // namespace

holdings holdings::now() {
  holdings found{.descriptors = open_descriptors(), .shared_bytes = detail::arena::here().reserved()};
  std::ifstream children("/proc/self/task/" + std::to_string(::getpid()) + "/children");
  for (int pid = 0; children >> pid;) found.children.push_back(pid);
  return found;
}

void leak_checked::SetUp() {
  arm_watchdog();
  m_before = holdings::now();
}

void leak_checked::TearDown() {
  const holdings after = holdings::now();
  EXPECT_EQ(after.descriptors, m_before.descriptors);
  EXPECT_EQ(after.children, m_before.children);
  EXPECT_EQ(after.shared_bytes, m_before.shared_bytes);
  ::alarm(0);
}

void arm_watchdog() { ::alarm(longest_test); }

}  // namespace tequio::test
