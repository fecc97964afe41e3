// SPDX-License-Identifier: MIT
// Processes in a program that has threads: a fresh image of the program in place of a fork.
#include <string>
#include <vector>

#include "tequio/bind_values.hpp"
#include "tequio/process.hpp"
#include "tequio/shared_array.hpp"
#include "tequio/shared_atomic.hpp"
#include "tequio/thread.hpp"
#include "tequio/worker_main.hpp"

namespace {

std::string repeat(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  tequio::worker_main(argc, argv);  // in a worker it does not return

  const tequio::thread<> background([](std::stop_token) {});  // with threads about, a fork would not be safe

  tequio::shared_atomic<long> calls(0);
  const tequio::process_options spawned{.start = tequio::start_method::spawn};
  tequio::process by_function(spawned, repeat, "tequio ", 3);
  tequio::process by_lambda(
      spawned, [](tequio::shared_atomic<long>& counter) { counter.fetch_add(1); }, std::ref(calls));
  tequio::process with_values(spawned, tequio::bind_values([](int a, int b) { return a + b; }, 40), 2);

  by_lambda.get();
  return by_function.get() == "tequio tequio tequio " && with_values.get() == 42 && calls.load() == 1 ? 0 : 1;
}
