// SPDX-License-Identifier: MIT
// How close statistics over many .npy files come to opening, reading and closing them: prints the ratios of processor
// time, measured in turns over the same files in the page cache. usage: stats_bench [FILES [DOUBLES_A_FILE]]
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "tequio/data/npy_writer.hpp"
#include "tequio/data/stats.hpp"

namespace {

using tequio::data::npy_reader;
using tequio::data::summary;

constexpr int turns = 7;

/// Processor time, user and system: what others do on the machine is not counted.
double processor_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double seconds(const auto& work) {
  const double start = processor_seconds();
  work();
  return processor_seconds() - start;
}

double sample(std::size_t file, std::size_t index) { return static_cast<double>((index * 7919 + file) % 10007) / 3.0; }

std::vector<std::string> make_files(const std::filesystem::path& folder, std::size_t files, std::size_t doubles) {
  std::vector<std::string> paths;
  std::vector<double> values(doubles);
  for (std::size_t file = 0; file < files; ++file) {
    for (std::size_t index = 0; index < doubles; ++index) values[index] = sample(file, index);
    paths.push_back((folder / fmt::format("file_{}.npy", file)).string());
    tequio::data::write_npy(paths.back(), values, {doubles});
  }
  return paths;
}

/// The limit: as few calls as a file can be read with, into memory that is used again.
void open_read_close(const std::vector<std::string>& paths, std::span<char> room) {
  for (const auto& path : paths) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0 || ::read(file, room.data(), room.size()) <= 0) std::abort();
    ::close(file);
  }
}

void summarize_all(const std::vector<std::string>& paths, std::vector<summary>& results) {
  npy_reader reader;
  results.clear();
  for (const auto& path : paths) {
    reader.open(path);
    results.push_back(tequio::data::summarize(reader));
  }
}

/// Aborts unless every file's mean is near the plain one and the line of all has all elements.
void verify(const std::vector<summary>& results, std::size_t doubles) {
  for (std::size_t file = 0; file < results.size(); ++file) {
    double sum = 0;
    for (std::size_t index = 0; index < doubles; ++index) sum += sample(file, index);
    const double expected = sum / static_cast<double>(doubles);
    if (std::abs(std::get<double>(results[file].mean) - expected) > 1e-9 * expected) std::abort();
  }
  if (tequio::data::merge(results).count != results.size() * doubles) std::abort();
}

double median(std::vector<double> times) {
  std::nth_element(times.begin(), times.begin() + turns / 2, times.end());
  return times[turns / 2];
}

}  // namespace

int main(int count, char** arguments) {
  const std::size_t files = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 500;
  const std::size_t doubles = count > 2 ? std::strtoull(arguments[2], nullptr, 10) : 100'000;
  const auto folder = std::filesystem::temp_directory_path() / fmt::format("tequio_stats_bench_{}", ::getpid());
  std::filesystem::create_directory(folder);
  const auto paths = make_files(folder, files, doubles);
  // the kernel copies faster to an address aligned to a cache line, so there are two limits
  std::vector<char> room(doubles * sizeof(double) + 4096);
  const std::size_t past_line = reinterpret_cast<std::uintptr_t>(room.data()) % 64;
  const std::span<char> unaligned = std::span(room).subspan((64 - past_line) % 64 + 16);
  const std::span<char> aligned = std::span(room).subspan((64 - past_line) % 64 + 64);
  std::vector<summary> results;
  open_read_close(paths, room);
  std::vector<double> any_limits, limits, ours;
  for (int turn = 0; turn < turns; ++turn) {
    any_limits.push_back(seconds([&] { open_read_close(paths, unaligned); }));
    limits.push_back(seconds([&] { open_read_close(paths, aligned); }));
    ours.push_back(seconds([&] { summarize_all(paths, results); }));
  }
  verify(results, doubles);
  std::filesystem::remove_all(folder);
  const auto line = [&](const char* impl, const std::vector<double>& times) {
    fmt::print("op:stats/impl:{}/files:{}/doubles:{} {:.1f} us of processor a file, tequio is {:.3f} of it\n", impl,
               files, doubles, median(times) * 1e6 / static_cast<double>(files), median(ours) / median(times));
  };
  line("open_read_close_unaligned", any_limits);
  line("open_read_close_aligned", limits);
  line("tequio", ours);
}
