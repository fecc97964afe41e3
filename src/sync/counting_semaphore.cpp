// SPDX-License-Identifier: MIT
#include "tequio/counting_semaphore.hpp"

#include <cstdint>
#include <string>

#include "tequio/error.hpp"

namespace tequio {

counting_semaphore::state::state(std::ptrdiff_t units, std::ptrdiff_t limit)
    : free(static_cast<std::uint32_t>(units)), most(static_cast<std::uint32_t>(limit)) {
  if (units < 0 || units > limit || limit < 1 || limit > max())
    throw error({.object = "counting_semaphore",
                 .problem = std::to_string(units) + " units of at most " + std::to_string(limit),
                 .cure = "make it with 0 <= units <= most, and a most of 1 to " + std::to_string(max())});
}

counting_semaphore::counting_semaphore(std::ptrdiff_t units, std::ptrdiff_t most) : m_state(units, most) {}

void counting_semaphore::release(std::ptrdiff_t count) {
  std::uint32_t free = m_state->free.load();
  do {
    if (count < 0 || count > std::ptrdiff_t{m_state->most} - std::ptrdiff_t{free})
      throw error({.object = "counting_semaphore",
                   .problem = "release of " + std::to_string(count) + " with " + std::to_string(free) + " of " +
                              std::to_string(m_state->most) + " units free",
                   .cure = "release what was acquired, once"});
    if (count == 0) return;
  } while (!m_state->free.replace(free, free + static_cast<std::uint32_t>(count), static_cast<std::uint32_t>(count)));
}

bool counting_semaphore::try_acquire() noexcept {
  std::uint32_t free = m_state->free.load();
  while (free != 0)
    if (m_state->free.replace(free, free - 1, 0)) return true;
  return false;
}

bool counting_semaphore::acquire_deadline(detail::deadline until) noexcept {
  for (bool in_time = true;;) {
    if (try_acquire()) return true;
    if (!in_time) return false;
    in_time = m_state->free.watch(0, until);
  }
}

}  // namespace tequio
