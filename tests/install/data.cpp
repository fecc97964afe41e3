// SPDX-License-Identifier: MIT
// A user of tequio::data: arrays and tables, without engines.
#include <cstdio>
#include <fstream>
#include <vector>

#include "tequio/data/format_error.hpp"
#include "tequio/data/npy.hpp"
#include "tequio/data/npy_writer.hpp"
#include "tequio/data/query.hpp"
#include "tequio/data/stats.hpp"

int main() {
  tequio::data::write_npy("numbers.npy", std::vector<double>{1, 2, 3}, {3});
  tequio::data::npy_reader reader;
  reader.open("numbers.npy");
  if (tequio::data::summarize(reader).count != 3) return 1;

  std::ofstream("broken.npy") << "no array";
  try {
    reader.open("broken.npy");
  } catch (const tequio::data::format_error& error) {
    std::puts(error.what());
    return 0;
  }
  return 1;
}
