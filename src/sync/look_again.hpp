// SPDX-License-Identifier: MIT
// How long a sleeper goes without looking at what it waits for.
#pragma once

#include <chrono>

namespace tequio::detail {

/// The longest sleep between two looks: 100 ms. The waker of a sleeper may be killed between its change and its wake, or
/// another sleeper with the wake that was meant for both; such a death costs this long and no longer.
///
/// Not const: tests set it to an hour, so that a lost wake-up hangs instead of hiding.
extern std::chrono::milliseconds look_again;

}  // namespace tequio::detail
