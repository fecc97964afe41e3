// SPDX-License-Identifier: MIT
// The example of README.md: many files, one of them broken, on processes.
#include <cmath>
#include <cstdio>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "tequio/processes.hpp"

namespace {

struct summary {
  int files = 0;
  double mean = 0;
};

}  // namespace

int main() {
  const std::vector<std::string> files{"a.npy", "b.npy", "broken.npy", "d.npy"};
  const double scale = 0.5;

  tequio::processes crew;  // one worker for each processor; crew{4} for four

  // The callable may capture anything: a worker is a copy of this process, made at the call.
  const auto summarize = [&](const std::string& file) {
    if (file == "broken.npy") throw std::runtime_error("no array in it");
    return summary{.files = 1, .mean = scale * static_cast<double>(file.size())};
  };

  // Every item ends in one verdict, and nothing is lost.
  for (const auto& outcome : crew.try_map(files, summarize)) {
    if (outcome) std::printf("mean %g\n", outcome->mean);
    if (!outcome) std::printf("failed: %s\n", outcome.failure().describe().c_str());
  }

  // The sum has the same bits on any engine and for any number of workers.
  const std::vector<double> array(1'000'000, 0.1);
  const double total = crew.reduce(array, 0.0, std::plus<>{});
  return std::abs(total - 100'000) < 1e-6 ? 0 : 1;
}
