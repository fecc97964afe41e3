// SPDX-License-Identifier: MIT
// How close do statistics over many .npy files come to opening, reading and closing them, on as many processes?
// The files are in the page cache. usage: stats_bench [FILES [DOUBLES_PER_FILE]]
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "support/interleave.hpp"
#include "tequio/data/npy_writer.hpp"
#include "tequio/jobs/stats.hpp"

namespace {

double sample(std::size_t file, std::size_t index) { return static_cast<double>((index * 7919 + file) % 10007) / 3.0; }

// Files in a folder that is gone with this object.
class sample_files {
 public:
  sample_files(std::size_t files, std::size_t doubles)
      : m_folder(std::filesystem::temp_directory_path() / fmt::format("tequio_stats_bench_{}", ::getpid())) {
    std::filesystem::create_directory(m_folder);
    std::vector<double> values(doubles);
    for (std::size_t file = 0; file < files; ++file) {
      double sum = 0;
      for (std::size_t index = 0; index < doubles; ++index) sum += values[index] = sample(file, index);
      means.push_back(sum / static_cast<double>(doubles));
      paths.push_back(tequio::data::make_source((m_folder / fmt::format("file_{}.npy", file)).string()));
      tequio::data::write_npy(paths.back().address, values, {doubles});
    }
  }
  sample_files(const sample_files&) = delete;
  sample_files& operator=(const sample_files&) = delete;
  ~sample_files() { std::filesystem::remove_all(m_folder); }

  std::vector<tequio::data::source> paths{};
  std::vector<double> means{};

 private:
  std::filesystem::path m_folder;
};

// The limit: three system calls per file, into page-aligned memory that is used again.
bool open_read_close(const sample_files& files, std::size_t bytes, std::size_t workers) {
  for (std::size_t worker = 0; worker < workers; ++worker) {
    if (::fork() != 0) continue;
    const std::unique_ptr<void, decltype(&std::free)> room(std::aligned_alloc(4096, bytes), &std::free);
    for (std::size_t file = worker; file < files.paths.size(); file += workers) {
      const int number = ::open(files.paths[file].address.c_str(), O_RDONLY | O_CLOEXEC);
      if (number < 0 || ::read(number, room.get(), bytes) <= 0) ::_exit(1);
      ::close(number);
    }
    ::_exit(0);
  }
  bool good = true;
  for (std::size_t worker = 0; worker < workers; ++worker) {
    int status = 1;
    ::wait(&status);
    good = good && status == 0;
  }
  return good;
}

bool statistics(const sample_files& files, std::size_t workers) {
  tequio::any_engine crew = tequio::any_engine::named("processes", workers);
  const auto report = tequio::jobs::stats(crew, files.paths);
  if (report.arrays.size() != files.paths.size()) return false;
  for (std::size_t file = 0; file < files.means.size(); ++file)
    if (std::abs(std::get<double>(report.arrays[file].summary.mean) - files.means[file]) > 1e-9 * files.means[file])
      return false;
  return true;
}

}  // namespace

int main(int count, char** arguments) {
  const std::size_t files = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 2000;
  const std::size_t doubles = count > 2 ? std::strtoull(arguments[2], nullptr, 10) : 100'000;
  const sample_files made(files, doubles);
  const std::size_t bytes = (doubles * sizeof(double) / 4096 + 2) * 4096;
  for (const std::size_t workers : {std::size_t{1}, std::size_t{2}})
    tequio::bench::compare(fmt::format("op:stats/files:{}/doubles:{}/workers:{}", files, doubles, workers), 1,
                           {{"impl:open_read_close", [&] { return open_read_close(made, bytes, workers); }},
                            {"impl:tequio", [&] { return statistics(made, workers); }}});
}
