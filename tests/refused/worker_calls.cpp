// SPDX-License-Identifier: MIT
// Calls of processes, threads and submit() that do not fit, and results that cannot come back from a process.
#include <string>
#include <string_view>

#include "tequio/process.hpp"
#include "tequio/processes.hpp"
#include "tequio/thread.hpp"

int twice(int number) { return 2 * number; }
void grow(int& number) { ++number; }
int grow_by(int& number, int by) { return number += by; }

struct no_default {
  explicit no_default(std::string_view given) : text(given) {}
  std::string text;
  template <class Archive>
  friend void serialize(Archive& archive, no_default& value) {
    archive(value.text);
  }
};
struct flags {
  std::string name{};
  unsigned kind : 3 = 0;
  unsigned size : 5 = 0;
};

void calls(tequio::processes& crew) {
  int number = 1;
  // says: tequio: the callable takes an argument by reference, and is given a copy; wrap the argument in std::ref
  tequio::process by_copy(grow, number);
  // says: tequio: the callable takes an argument by reference, and is given a copy
  tequio::thread copied(grow_by, number, 2);
  // says: tequio: the callable does not take these arguments
  tequio::process other(twice, "two");
  // says: tequio: the callable does not take these arguments
  tequio::thread<int> fewer(twice);
  // says: tequio: the callable does not take these arguments
  const int answer = crew.submit(twice, 1, 2).get();
  // says: tequio: options stand before the callable: process p({.name = "uno"}, f)
  tequio::process behind(twice, {.name = "uno"});
  // says: tequio: options stand before the callable: thread t({.name = "uno"}, f)
  tequio::thread beyond(twice, {.name = "uno"});
  // says: tequio: the callable does not take these arguments; options of a process or thread stand before it
  tequio::process typed(twice, 2, tequio::process_options{});
}

void results() {
  // says: tequio: a result that points elsewhere (a pointer, std::string_view, std::span) would point into its worker's
  tequio::process pointer([] { return "text"; });
  // says: tequio: a result that comes back from another process is read into a default value
  tequio::process made([] { return no_default("text"); });
  static_cast<void>(made.get());
  // says: tequio: a field of this aggregate is a bit-field, to which no reference can be bound
  tequio::process bits([] { return flags(); });
  static_cast<void>(bits.get());
}
