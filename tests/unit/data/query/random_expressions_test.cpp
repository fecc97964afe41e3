// SPDX-License-Identifier: MIT
#include "support/random_expressions.hpp"

#include <gtest/gtest.h>

namespace tequio::test {
namespace {

TEST(random_expressions, end_in_an_answer_or_an_error) { try_random_expressions(7, 30'000); }

}  // namespace
}  // namespace tequio::test
