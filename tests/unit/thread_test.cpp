// SPDX-License-Identifier: MIT
#include "tequio/thread.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/leak_check.hpp"

namespace {

class thread_test : public tequio::test::leak_checked {};

TEST_F(thread_test, result_comes_back) {
  tequio::thread p([](int a, int b) { return a + b; }, 1, 2);
  EXPECT_EQ(p.get(), 3);
}

}  // namespace
