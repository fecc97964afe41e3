// SPDX-License-Identifier: MIT
// Lección: qué procesador tenemos y cuántos trabajadores conviene usar (en Python: lscpu, os.cpu_count()).
#include <fmt/core.h>

#include "tequio/cpu.hpp"

int main() {
  const tequio::cpu_info info = tequio::cpu();

  fmt::print("modelo:                 {}\n", info.model.empty() ? "el sistema no lo dice" : info.model);
  fmt::print("procesadores lógicos:   {}\n", info.logical_processors);
  fmt::print("núcleos:                {}\n", info.cores);
  for (const tequio::cpu_cache& cache : info.caches)
    fmt::print("caché de nivel {}:       {} KiB, {} en total\n", cache.level, cache.bytes / 1024, cache.instances);
  fmt::print("memoria:                {} MiB\n", info.memory_bytes >> 20U);

  // El error: os.cpu_count() cuenta los procesadores de la máquina, no los que este programa puede usar. En un
  // contenedor o bajo un gestor de colas son menos, y con demasiados trabajadores todo va más lento.
  fmt::print("puede usar:             {}\n", info.affinity);
  if (info.cpu_quota) fmt::print("cuota del contenedor:   {} procesadores\n", *info.cpu_quota);

  // La cura: tequio los cuenta y dice por qué.
  fmt::print("trabajadores:           {}\n", tequio::default_workers());
  fmt::print("motivo:                 {}\n", info.reason);
}
