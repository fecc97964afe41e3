// SPDX-License-Identifier: MIT
#include "support/random_expressions.hpp"

#include <gtest/gtest.h>

namespace tequio::test {
namespace {

TEST(random_expressions_long, end_in_an_answer_or_an_error) {
  for (unsigned seed = 8; seed < 108; ++seed) try_random_expressions(seed, 30'000);
}

}  // namespace
}  // namespace tequio::test
