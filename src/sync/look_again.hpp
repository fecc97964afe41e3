// SPDX-License-Identifier: MIT
// How long a sleeper goes without looking at what it waits for.
#pragma once

#include <chrono>

namespace tequio::detail {

/// The longest sleep between two looks: 100 ms. A waker may be killed between its change and its wake, or a sleeper
/// with a wake that was meant for others; such a death costs this time and no more.
///
/// Not const: tests set it to an hour, so that a lost wake-up hangs instead of hiding.
extern std::chrono::milliseconds look_again;

}  // namespace tequio::detail
