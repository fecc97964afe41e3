// SPDX-License-Identifier: MIT
// Lección: 10,000 archivos, un hilo para cada uno.
// En Python: for archivo in archivos: Thread(target=lee, args=(archivo,)).start(), y "OSError: Too many open files".
#include <sys/resource.h>

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "tequio/counting_semaphore.hpp"
#include "tequio/data/npy.hpp"
#include "tequio/data/stats.hpp"
#include "tequio/descriptor.hpp"
#include "tequio/engine.hpp"
#include "tequio/jobs/make_npy.hpp"
#include "tequio/jobs/stats.hpp"
#include "tequio/print.hpp"
#include "tequio/this_worker.hpp"
#include "tequio/thread.hpp"

namespace {

namespace fs = std::filesystem;
namespace data = tequio::data;
namespace jobs = tequio::jobs;

constexpr std::size_t file_count = 10'000;
constexpr rlim_t descriptor_limit = 64;  // como `ulimit -n`, y bastante menos de lo que suele haber

data::summary read_one(const std::string& path) {
  data::npy_reader reader;
  reader.open(path);
  return data::summarize(reader);
}

// El error: si todos empiezan a la vez, todos tienen su archivo abierto a la vez.
void all_open_at_once(const std::vector<std::string>& paths) {
  std::vector<tequio::descriptor> open;
  try {
    for (const std::string& path : paths) open.push_back(tequio::open_for_reading(path));
    tequio::print("todos abiertos a la vez: {} archivos\n", open.size());
  } catch (const tequio::error& error) {
    tequio::print("todos abiertos a la vez: con {} abiertos, {}\n", open.size(), error.what());
  }
}

// La primera cura: un hilo para cada archivo, como en la clase, pero a lo más ocho trabajando.
data::summary one_thread_each(const std::vector<std::string>& paths) {
  tequio::counting_semaphore seats(8, 8);
  std::vector<tequio::thread<data::summary>> threads;
  threads.reserve(paths.size());
  for (const std::string& path : paths) {
    seats.acquire();
    threads.emplace_back([&] {
      const data::summary result = read_one(path);
      seats.release();
      return result;
    });
  }
  std::vector<data::summary> results;
  for (auto& thread : threads) results.push_back(thread.get());
  return data::merge(results);
}

// La segunda: pocos trabajadores y muchos archivos. Es lo que hace `tequio stats 'carpeta/*.npy'`.
data::summary few_workers(const std::vector<std::string>& paths) {
  std::vector<data::source> sources;
  for (const std::string& path : paths) sources.push_back(data::make_source(path));
  tequio::any_engine crew{tequio::threads{}};
  const jobs::stats_report report = jobs::stats(crew, sources);
  for (const auto& failure : report.failures) tequio::print("{}\n", failure.message());
  return report.total;
}

}  // namespace

int main() {
  const fs::path folder = fs::temp_directory_path() / ("tequio_diez_mil_" + std::to_string(tequio::this_worker::pid()));
  fs::create_directory(folder);
  const jobs::npy_samples samples{.count = file_count, .shape = {100}};
  std::vector<std::string> paths;
  for (std::size_t index = 0; index < file_count; ++index) {
    jobs::make_npy(folder, samples, index);
    paths.push_back((folder / ("file_" + std::to_string(index) + ".npy")).string());
  }

  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = descriptor_limit;
  ::setrlimit(RLIMIT_NOFILE, &limit);

  all_open_at_once(paths);
  const data::summary by_threads = one_thread_each(paths);
  const data::summary by_engine = few_workers(paths);
  tequio::print("un hilo por archivo: {} números, desviación {:.4f}\n", by_threads.count, by_threads.std_dev);
  tequio::print("motor de hilos:      {} números, desviación {:.4f}\n", by_engine.count, by_engine.std_dev);

  fs::remove_all(folder);
  return by_threads.count == file_count * 100 && by_threads.std_dev == by_engine.std_dev ? 0 : 1;
}
