// SPDX-License-Identifier: MIT
// What processes cannot share: each is refused in the words of the line above it.
#include <string>

#include "tequio/named_memory.hpp"
#include "tequio/shared_array.hpp"
#include "tequio/shared_atomic.hpp"
#include "tequio/shared_value.hpp"

struct large {
  long numbers[4];
};
struct padded {
  int number;
  char letter;
};

void all(const tequio::named_memory& memory) {
  // says: tequio: shared_array<T> wants items that can be copied byte by byte
  tequio::shared_array<std::string> names(3);
  // says: tequio: shared_atomic<T> wants a type that can be copied byte by byte and is no pointer
  tequio::shared_atomic<int*> pointer;
  // says: tequio: this type is too large to be changed in one instruction
  tequio::shared_atomic<large> too_large;
  // says: tequio: this type has padding bytes, which compare_exchange would compare
  tequio::shared_atomic<padded> with_padding;
  // says: tequio: shared_value<T> wants a type that can be copied byte by byte and is no pointer
  tequio::shared_value<std::string> text;
  // says: tequio: with() would hand out a reference that is used when the lock is gone
  tequio::shared_value<int> number;
  number.with([](int& value) -> int& { return value; });
  // says: tequio: what lies in named memory must be readable byte by byte in any program
  static_cast<void>(memory.as<std::string>());
}
