// SPDX-License-Identifier: MIT
// Callables that cannot be sent to another process: each is refused in the words of the line above it.
#include "tequio/bind_values.hpp"

#include <mutex>
#include <string_view>

void all() {
  int count = 0;
  // says: tequio: bind_values wants a function or a lambda without captures; bind what it would capture
  static_cast<void>(tequio::bind_values([&count](int by) { return count + by; }, 1));
  // says: tequio: a value given to bind_values cannot be sent from process to process
  static_cast<void>(tequio::bind_values([](const int* place) { return *place; }, &count));
}
