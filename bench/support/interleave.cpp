// SPDX-License-Identifier: MIT
#include "support/interleave.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "tequio/cpu.hpp"

namespace tequio::bench {
namespace {

double seconds_of(const alternative& candidate) {
  const auto start = std::chrono::steady_clock::now();
  const bool right = candidate.run();
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  if (!right) {
    fmt::print(stderr, "{}: wrong result\n", candidate.name);
    std::exit(1);
  }
  return taken.count();
}

std::string readable(double seconds) {
  if (seconds < 1e-6) return fmt::format("{:.1f} ns", seconds * 1e9);
  if (seconds < 1e-3) return fmt::format("{:.1f} µs", seconds * 1e6);
  if (seconds < 1) return fmt::format("{:.2f} ms", seconds * 1e3);
  return fmt::format("{:.3f} s", seconds);
}

void print_machine_once() {
  static bool printed = false;
  if (std::exchange(printed, true)) return;
  const cpu_info machine = cpu();
  fmt::print("machine: {}, {} of {} processors, tequio {}\n", machine.model, machine.affinity,
             machine.logical_processors, TEQUIO_COMMIT);
}

}  // namespace

std::vector<double> compare(const std::string& question, std::size_t items,
                            const std::vector<alternative>& alternatives, const comparison_options& options) {
  print_machine_once();
  std::vector<std::vector<double>> times(alternatives.size());
  for (int turn = 0; turn <= options.turns; ++turn) {
    for (std::size_t i = 0; i < alternatives.size(); ++i) {
      const double taken = seconds_of(alternatives[i]);
      if (turn > 0) times[i].push_back(taken);
    }
  }
  std::vector<double> medians;
  for (std::size_t i = 0; i < alternatives.size(); ++i) {
    std::ranges::sort(times[i]);
    medians.push_back(times[i][times[i].size() / 2]);
    const double per_item = 1.0 / static_cast<double>(items);
    fmt::print("{:<42} {:<30} {:>10}  ({} to {})  ratio {:.2f}\n", question, alternatives[i].name,
               readable(medians[i] * per_item), readable(times[i].front() * per_item),
               readable(times[i].back() * per_item), medians[i] / medians.front());
    std::fflush(stdout);
  }
  return medians;
}

}  // namespace tequio::bench
