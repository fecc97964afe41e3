// SPDX-License-Identifier: MIT
// The fixture of every test that makes workers: on exit no child, descriptor or shared memory may be left, and a
// watchdog ends a test that hangs.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

namespace tequio::test {

/// The descriptors, children and shared memory of this process.
struct holdings {
  std::vector<std::string> descriptors{};  ///< "5 -> pipe:[123]"
  std::vector<int> children{};             ///< pids
  std::size_t shared_bytes = 0;            ///< reserved in the arena

  static holdings now();
};

/// Fails a test that leaves anything behind.
class leak_checked : public ::testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

 private:
  holdings m_before{};
};

/// Kills this process when a test takes longer than any should, also on a busy machine; SIGALRM needs no thread.
void arm_watchdog();

}  // namespace tequio::test
