// SPDX-License-Identifier: MIT
// The fixture of tests that kill at every instruction (step_killer.hpp), skipped where that cannot be done.
#pragma once

#include <gtest/gtest.h>

#include "support/kill/step_killer.hpp"
#include "support/leak_check.hpp"

namespace tequio::test {

template <class Fixture = leak_checked>
class stepped : public Fixture {
 protected:
  void SetUp() override {
    Fixture::SetUp();
    if (const auto reason = why_not_stepped(); !reason.empty()) GTEST_SKIP() << reason;
  }
};

}  // namespace tequio::test
