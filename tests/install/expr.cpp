// SPDX-License-Identifier: MIT
// A user of tequio::expr: expressions and what is wrong with them, without tables.
#include "tequio/expr/expression.hpp"

#include <cstdio>

int main() {
  const tequio::expr::expression condition("sqrt(A**2 + B**2) > @limit", {{"limit", "1"}});
  std::puts(condition.text().c_str());
  try {
    static_cast<void>(tequio::expr::expression("A +"));
  } catch (const tequio::expr::expression_error& error) {
    std::puts(error.what());
    return 0;
  }
  return 1;
}
