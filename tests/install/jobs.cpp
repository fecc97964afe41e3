// SPDX-License-Identifier: MIT
// A user of tequio::jobs, which join data and engines.
#include "tequio/jobs/stats.hpp"

#include <array>
#include <cstdio>
#include <vector>

#include "tequio/data/npy_writer.hpp"
#include "tequio/data/source.hpp"
#include "tequio/engine.hpp"

int main() {
  tequio::data::write_npy("numbers.npy", std::vector<double>{1, 2, 3}, {3});
  const std::array sources{tequio::data::make_source("numbers.npy"), tequio::data::make_source("missing.npy")};
  auto crew = tequio::any_engine::named("processes", 2);
  const auto report = tequio::jobs::stats(crew, sources);
  for (const auto& failure : report.failures) std::puts(failure.message().c_str());
  return report.arrays.size() == 1 && report.failures.size() == 1 ? 0 : 1;
}
