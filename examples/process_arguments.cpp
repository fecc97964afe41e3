// SPDX-License-Identifier: MIT
// Lección: tres procesos, cada uno con su nombre como argumento.
// En Python: Process(target=trabaja, args=('uno',)); si se olvida la coma, args=('uno') son tres letras.
#include <chrono>
#include <string>
#include <thread>

#include "tequio/print.hpp"
#include "tequio/process.hpp"

namespace {

std::size_t work(const std::string& name, int turns) {
  using namespace std::chrono_literals;
  for (int turn = 1; turn <= turns; ++turn) {
    // El error: print() de varios procesos mezcla sus renglones ("Starting  Starting T2").
    // La cura: tequio::print los entrega enteros.
    tequio::print("proceso {}: vuelta {}\n", name, turn);
    std::this_thread::sleep_for(5ms);
  }
  return name.size();
}

}  // namespace

int main() {
  // Los argumentos van detrás de la función y el compilador revisa cuántos son y de qué tipo.
  tequio::process one(work, "uno", 3);
  tequio::process two(work, "dos", 3);
  tequio::process three(work, "tres", 3);

  const std::size_t letters = one.get() + two.get() + three.get();
  tequio::print("letras de los tres nombres: {}\n", letters);
  return letters == 10 ? 0 : 1;
}
