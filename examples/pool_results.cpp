// SPDX-License-Identifier: MIT
// Lección: un grupo de tres procesos que duermen de 1 a 10 (aquí centésimas de segundo) y devuelven lo que durmieron.
// En Python: Pool(3).map(duerme, range(1, 11)).
#include <fmt/core.h>

#include <chrono>
#include <ranges>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tequio/processes.hpp"

namespace {

int sleep_for(int hundredths) {
  std::this_thread::sleep_for(std::chrono::milliseconds(10 * hundredths));
  return hundredths;
}

}  // namespace

int main() {
  using clock = std::chrono::steady_clock;
  tequio::processes pool(3);
  const auto naps = std::views::iota(1, 11);

  const auto started = clock::now();
  const std::vector<int> slept = pool.map(naps, {.chunk = 1}, sleep_for);
  const std::chrono::duration<double> taken = clock::now() - started;

  // Los resultados llegan en el orden de los datos, termine quien termine primero.
  int total = 0;
  for (const int hundredths : slept) {
    fmt::print("durmió {:2} centésimas\n", hundredths);
    total += hundredths;
  }
  fmt::print("en total {} centésimas; con tres procesos pasaron {:.0f}\n", total, taken.count() * 100);

  // El error: en Python, una siesta que mata a su proceso deja al Pool esperando para siempre.
  // La cura: cada dato termina en un veredicto, y los demás siguen.
  const auto outcomes = pool.try_map(naps, {.chunk = 1}, [](int hundredths) {
    if (hundredths == 3) throw std::invalid_argument("no tengo sueño");
    if (hundredths == 7) std::_Exit(1);
    return sleep_for(hundredths);
  });
  int failed = 0;
  for (const auto& outcome : outcomes)
    if (!outcome) {
      ++failed;
      fmt::print("sin resultado: dato {}: {}\n", outcome.failure().item, outcome.failure().describe());
    }

  return total == 55 && failed == 2 ? 0 : 1;
}
