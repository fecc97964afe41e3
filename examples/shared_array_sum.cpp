// SPDX-License-Identifier: MIT
// Lección: la suma de diez millones de enteros en un Array compartido, por rangos iguales (el último toma lo que
// sobra), de forma secuencial y concurrente.
// En Python: arr = Array('i', range(10**7)); get_rango(i); sum(arr[:][a:b]) en cuatro procesos: cada uno copia todo el
// arreglo (461 MiB por proceso) y la suma "paralela" tarda más que la secuencial.
#include <chrono>
#include <functional>
#include <numeric>
#include <span>
#include <string_view>
#include <vector>

#include "tequio/chunk.hpp"
#include "tequio/print.hpp"
#include "tequio/process.hpp"
#include "tequio/processes.hpp"
#include "tequio/shared_array.hpp"

namespace {

constexpr std::size_t size = 10'000'000;
constexpr std::size_t workers = 4;

// Partes iguales; la última toma lo que sobra.
std::span<const int> get_rango(const tequio::shared_array<int>& array, std::size_t worker) {
  return tequio::chunk(array, worker, workers);
}

long sum(std::span<const int> numbers) { return std::accumulate(numbers.begin(), numbers.end(), 0L); }

template <class Body>
long timed(std::string_view name, const Body& body) {
  const auto started = std::chrono::steady_clock::now();
  const long result = body();
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - started;
  tequio::print("{:<28} {:>16} en {:6.2f} ms\n", name, result, taken.count());
  return result;
}

}  // namespace

int main() {
  tequio::shared_array<int> array(size);
  std::iota(array.begin(), array.end(), 0);

  const long sequential = timed("secuencial", [&] { return sum(array); });

  // Cada proceso ve el mismo arreglo, sin copiarlo, y devuelve su parte.
  const long by_ranges = timed("cuatro procesos por rangos", [&] {
    std::vector<tequio::process<long>> crew;
    for (std::size_t worker = 0; worker < workers; ++worker)
      crew.emplace_back([&array, worker] { return sum(get_rango(array, worker)); });
    return std::transform_reduce(crew.begin(), crew.end(), 0L, std::plus<>{}, [](auto& each) { return each.get(); });
  });

  // Y lo mismo en un renglón: el motor reparte los rangos.
  tequio::processes crew;
  const long by_engine = timed("crew.reduce", [&] { return crew.reduce(array, 0L, std::plus<>{}); });

  const long expected = static_cast<long>(size) * (size - 1) / 2;
  return sequential == expected && by_ranges == expected && by_engine == expected ? 0 : 1;
}
