// SPDX-License-Identifier: MIT
#include "tequio/latch.hpp"

#include <cstdint>
#include <string>

#include "tequio/error.hpp"

namespace tequio {
namespace {

std::uint32_t valid_latch_count(std::ptrdiff_t expected) {
  if (expected >= 0 && expected <= latch::max()) return static_cast<std::uint32_t>(expected);
  throw error({.object = "latch",
               .problem = "a count of " + std::to_string(expected),
               .cure = "make it with 0 to " + std::to_string(latch::max())});
}

}  // namespace

latch::latch(std::ptrdiff_t expected) : m_state(valid_latch_count(expected)) {}

void latch::count_down(std::ptrdiff_t count) {
  std::uint32_t left = m_state->load();
  do {
    if (count < 0 || count > std::ptrdiff_t{left})
      throw error({.object = "latch",
                   .problem = "counted down by " + std::to_string(count) + " with " + std::to_string(left) + " left",
                   .cure = "make it with the number of those who count"});
    if (count == 0) return;
  } while (
      !m_state->replace(left, left - static_cast<std::uint32_t>(count), left == count ? detail::every_sleeper : 0));
}

void latch::arrive_and_wait(std::ptrdiff_t count) {
  count_down(count);
  wait();
}

bool latch::wait_deadline(detail::deadline until) const noexcept {
  for (bool in_time = true;;) {
    const std::uint32_t left = m_state->load();
    if (left == 0) return true;
    if (!in_time) return false;
    in_time = m_state->watch(left, until);
  }
}

}  // namespace tequio
