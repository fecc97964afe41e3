// SPDX-License-Identifier: MIT
// A user of tequio::tequio: processes, forked and spawned, whose results and errors come back.
#include "tequio/tequio.hpp"

#include <cstdio>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

std::string shout(const std::string& word) { return word + "!"; }

const tequio::process_options spawned{.start = tequio::start_method::spawn};

bool results_come_back() {
  const std::vector<int> numbers{1, 2, 3};
  tequio::processes crew(2);
  tequio::shared_value<int> total(0);
  crew.for_each(numbers, [&](int n) { *total.lock() += n; });
  return *total.lock() == 6 && crew.map(numbers, [](int n) { return n * n; }) == std::vector<int>{1, 4, 9};
}

// Errors are thrown in the library and caught here, by their own types.
bool errors_come_back() {
  const tequio::process<> failing([] { throw std::runtime_error("no water"); });
  try {
    failing.get();
  } catch (const tequio::worker_error& error) {
    return error.failure().exceptions.at(0).message == "no water";
  }
  return false;
}

// A spawned image finds the code: of this program, and of the library where that is shared.
bool spawned_processes_find_their_code() {
  const tequio::process<std::string> own(spawned, &shout, std::string("water"));
  const tequio::process<std::size_t> of_the_library(spawned, &tequio::default_workers);
  return own.get() == "water!" && of_the_library.get() == tequio::default_workers();
}

}  // namespace

int main(int argc, char** argv) {
  tequio::worker_main(argc, argv);
  tequio::println("{} on {} processors", tequio::version(), tequio::cpu().logical_processors);
  return results_come_back() && errors_come_back() && spawned_processes_find_their_code() ? 0 : 1;
}
