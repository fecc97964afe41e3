// SPDX-License-Identifier: MIT
// Bounds the processors a test may run on.
#pragma once

#include <gtest/gtest.h>
#include <sched.h>

#include <cstddef>

namespace tequio::test {

/// Leaves the calling thread, and the workers it starts later, only the first of its processors.
inline void allow_one_processor() {
  cpu_set_t all;
  ASSERT_EQ(::sched_getaffinity(0, sizeof all, &all), 0);
  std::size_t first = 0;
  while (!CPU_ISSET(first, &all)) ++first;
  CPU_ZERO(&all);
  CPU_SET(first, &all);
  ASSERT_EQ(::sched_setaffinity(0, sizeof all, &all), 0);
}

}  // namespace tequio::test
