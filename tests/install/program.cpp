// SPDX-License-Identifier: MIT
#include <cstdio>

#include "tequio/error.hpp"
#include "tequio/jobs/version.hpp"

int main() {
  std::puts(tequio::jobs::version());
  const tequio::error failure({.object = "a", .problem = "b"});
  return failure.what()[0] == 'a' ? 0 : 1;
}
