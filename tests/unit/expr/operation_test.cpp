// SPDX-License-Identifier: MIT
// The functions have the names users write, and the operators Python's rules.
#include "expr/operation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace {

namespace expr = tequio::expr;
using expr::arithmetic;
using expr::calculate;

TEST(operation, every_function_is_found_by_its_name) {
  for (const std::string& name : expr::function_names())
    EXPECT_TRUE(expr::find_unary_function(name) || expr::find_binary_function(name)) << name;
  EXPECT_FALSE(expr::find_unary_function("arctan2"));
  EXPECT_FALSE(expr::find_unary_function("squrt"));
}

TEST(operation, functions_are_those_of_their_names) {
  EXPECT_EQ(expr::call(expr::unary_function::sqrt, 4), 2);
  EXPECT_EQ(expr::call(*expr::find_unary_function("log10"), 1000), 3);
  EXPECT_EQ(expr::call(*expr::find_unary_function("ceil"), 0.5), 1);
  EXPECT_EQ(expr::call(expr::binary_function::arctan2, 1, 0), std::atan2(1, 0));
}

TEST(operation, quotient_and_remainder_have_the_signs_of_python) {
  EXPECT_EQ(calculate(arithmetic::floor_divide, -7, 2), -4);
  EXPECT_EQ(calculate(arithmetic::modulo, -7, 2), 1);
  EXPECT_EQ(calculate(arithmetic::modulo, 7, -2), -1);
  EXPECT_TRUE(std::signbit(calculate(arithmetic::modulo, 4, -2)));
  EXPECT_EQ(calculate(arithmetic::power, 2, -1), 0.5);
}

TEST(operation, division_by_zero_is_infinite_where_it_is_not_whole) {
  EXPECT_EQ(calculate(arithmetic::divide, 1, 0), std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(calculate(arithmetic::floor_divide, 1, 0)));
  EXPECT_TRUE(std::isnan(calculate(arithmetic::modulo, 1, 0)));
  EXPECT_TRUE(expr::lacks_divisor(arithmetic::modulo, -0.0));
  EXPECT_FALSE(expr::lacks_divisor(arithmetic::divide, 0));
}

}  // namespace
