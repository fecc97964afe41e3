// SPDX-License-Identifier: MIT
// Lección: procesos con nombre en una lista; quién vive, quién terminó y cómo.
// En Python: Process(name='obrero 1', ...), p.is_alive(), p.exitcode.
#include <csignal>
#include <string>
#include <vector>

#include "tequio/event.hpp"
#include "tequio/print.hpp"
#include "tequio/process.hpp"
#include "tequio/this_worker.hpp"

int main() {
  tequio::event whistle;  // la señal de salida, compartida por todos

  std::vector<tequio::process<std::string>> crew;
  for (const std::string name : {"albañil", "carpintera", "herrero"})
    crew.emplace_back(tequio::process_options{.name = name}, [&] {
      whistle.wait();
      // un proceso que muere de repente no se lleva a los demás
      if (tequio::this_worker::name() == "herrero") ::raise(SIGSEGV);
      return tequio::this_worker::name() + " terminó su parte";
    });

  for (const auto& worker : crew)
    tequio::print("{} (proceso {}): {}\n", worker.name(), worker.pid(), worker.running() ? "trabaja" : "terminó");
  whistle.set();

  int finished = 0;
  for (auto& worker : crew) {
    try {
      tequio::print("{}\n", worker.get());
      ++finished;
    } catch (const tequio::worker_error& error) {
      // El error: en Python hay que mirar exitcode, y casi nadie lo mira.
      // La cura: get() lanza el error, con el nombre del proceso y la causa.
      tequio::print("{}\n", error.what());
    }
  }
  return finished == 2 ? 0 : 1;
}
