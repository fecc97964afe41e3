// SPDX-License-Identifier: MIT
// Lección: 32 descargas del censo, una tras otra y con diez trabajadores, para quedarse con un renglón de cada una.
// En Python: Pool(10).map(lambda url: pd.read_csv(url).query(...), urls): unos 5 GB para guardar 32 renglones.
//
// uso: downloads [URL]   por ejemplo 'https://host/ITER_{01..32}_2020_csv.zip'; sin URL hace datos de muestra y los
//                        sirve en esta máquina, con la demora de una red.
#include <sys/resource.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "support/local_server.hpp"
#include "tequio/data/query.hpp"
#include "tequio/data/source.hpp"
#include "tequio/engine.hpp"
#include "tequio/jobs/make_census.hpp"
#include "tequio/jobs/query.hpp"
#include "tequio/print.hpp"

namespace {

namespace fs = std::filesystem;
namespace data = tequio::data;
namespace jobs = tequio::jobs;

struct result {
  std::uint64_t rows_kept = 0;
  double seconds = 0;
};

result download(tequio::any_engine crew, const std::vector<data::source>& sources) {
  const auto started = std::chrono::steady_clock::now();
  const auto report = jobs::query(crew, sources, data::query("MUN == 0 and LOC == 0"));
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - started;

  // Una URL que falla no se lleva a las demás.
  for (const auto& failure : report.failures) tequio::print("{}\n", failure.message());
  tequio::print("{:>10}, trabajadores {:2}: {} renglones de {} en {:.2f} s\n", crew.name(), crew.workers(),
                report.rows_kept, report.rows_read, taken.count());
  return {report.rows_kept, taken.count()};
}

// Muestras de las 32 entidades con la forma de las del INEGI; las cifras son inventadas.
std::string make_samples(const fs::path& folder) {
  const jobs::census_samples samples{.scale = 0.005};
  fs::create_directory(folder);
  for (const auto& state : jobs::plan_census(samples)) jobs::make_census(folder, samples, state.state);
  return "ITER_{01..32}_2020_csv.zip";
}

long peak_megabytes(int who) {
  rusage usage{};
  ::getrusage(who, &usage);
  return usage.ru_maxrss / 1024;
}

}  // namespace

int main(int argc, char** argv) {
  const fs::path folder = fs::temp_directory_path() / ("tequio_descargas_" + std::to_string(::getpid()));
  std::optional<local_server> server;
  std::string url;
  if (argc > 1) {
    url = argv[1];
  } else {
    const std::string names = make_samples(folder);
    server.emplace(folder);
    url = "http://127.0.0.1:" + std::to_string(server->port()) + "/" + names;
  }
  const std::vector<data::source> sources = data::expand_sources(std::vector{url});

  const result sequential = download(tequio::any_engine{tequio::serial{}}, sources);
  const result concurrent = download(tequio::any_engine{tequio::processes{10}}, sources);
  tequio::print("{:.1f} veces más rápido; memoria del proceso más grande: {} MB\n",
                sequential.seconds / concurrent.seconds,
                std::max(peak_megabytes(RUSAGE_SELF), peak_megabytes(RUSAGE_CHILDREN)));

  fs::remove_all(folder);
  return sequential.rows_kept == sources.size() && concurrent.rows_kept == sources.size() ? 0 : 1;
}
