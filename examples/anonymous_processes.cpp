// SPDX-License-Identifier: MIT
// Lección: procesos anónimos, creados en un ciclo y guardados en una lista sin nombre de variable para cada uno.
// En Python: for i in range(5): Process(target=cuadrado, args=(i,)).start(), y nadie los espera.
#include <vector>

#include "tequio/print.hpp"
#include "tequio/process.hpp"
#include "tequio/this_worker.hpp"

int main() {
  std::vector<tequio::process<int>> workers;
  for (int number = 0; number < 5; ++number)
    workers.emplace_back([number] {
      // tequio les pone un nombre cuando nadie se lo pone
      tequio::print("{} calcula el cuadrado de {}\n", tequio::this_worker::name(), number);
      return number * number;
    });

  // El error: quien no los espera deja zombis, o termina antes que ellos.
  // La cura: el destructor espera siempre; get() además trae el resultado.
  int sum = 0;
  for (auto& worker : workers) sum += worker.get();
  tequio::print("suma de los cuadrados: {}\n", sum);
  return sum == 30 ? 0 : 1;
}
