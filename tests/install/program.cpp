// SPDX-License-Identifier: MIT
#include <cstdio>

#include "tequio/engine.hpp"
#include "tequio/jobs/query.hpp"
#include "tequio/jobs/stats.hpp"
#include "tequio/version.hpp"

int main() {
  std::puts(tequio::version());
  tequio::processes crew(2);
  const std::vector<int> numbers{1, 2, 3};
  return crew.map(numbers, [](int n) { return n * n; }) == std::vector<int>{1, 4, 9} ? 0 : 1;
}
