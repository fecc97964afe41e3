// SPDX-License-Identifier: MIT
// Lección: con join() y sin join(). La línea del tiempo de la clase, dibujada con lo que de verdad pasó.
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "tequio/print.hpp"
#include "tequio/process.hpp"

namespace {

using clock = std::chrono::steady_clock;

struct span {
  clock::time_point begin{};
  clock::time_point end{};
};

// El reloj monótono es uno para todos los procesos de la máquina: sus tiempos se pueden comparar.
span work(std::chrono::milliseconds time) {
  const auto begin = clock::now();
  std::this_thread::sleep_for(time);
  return {begin, clock::now()};
}

void draw(const std::string& name, const span& when, clock::time_point origin) {
  const auto column = [&](clock::time_point time) {
    return static_cast<std::size_t>((time - origin) / std::chrono::milliseconds(4));
  };
  const std::size_t from = column(when.begin);
  const std::size_t length = std::max<std::size_t>(1, column(when.end) - from);
  std::string bar;
  for (std::size_t i = 0; i < length; ++i) bar += "█";
  tequio::print("  {:<10}|{}{}\n", name, std::string(from, ' '), bar);
}

// join() detrás de cada proceso: el segundo empieza cuando el primero ha terminado.
bool one_after_the_other() {
  const auto origin = clock::now();
  tequio::process first(work, std::chrono::milliseconds(80));
  const span a = first.get();
  tequio::process second(work, std::chrono::milliseconds(40));
  const span b = second.get();
  const span rest = work(std::chrono::milliseconds(20));

  tequio::print("join() después de cada uno: no hay trabajo en paralelo\n");
  draw("proceso 1", a, origin);
  draw("proceso 2", b, origin);
  draw("principal", rest, origin);
  return b.begin >= a.end && rest.begin >= b.end;
}

// Arrancar todos y esperar al final: los tres trabajan a la vez.
bool together() {
  const auto origin = clock::now();
  tequio::process first(work, std::chrono::milliseconds(80));
  tequio::process second(work, std::chrono::milliseconds(40));
  const span rest = work(std::chrono::milliseconds(20));
  const span a = first.get();
  const span b = second.get();

  tequio::print("join() al final: los tres a la vez\n");
  draw("proceso 1", a, origin);
  draw("proceso 2", b, origin);
  draw("principal", rest, origin);
  return b.begin < a.end;
}

// El error de la clase: sin join() el programa principal sigue, y lee un resultado que no existe todavía.
// La cura: no hay resultado sin esperar, porque get() espera, y el destructor también.
bool never_lost() {
  const auto origin = clock::now();
  span a;
  span rest;
  {
    tequio::process first(work, std::chrono::milliseconds(40));
    rest = work(std::chrono::milliseconds(8));
    const bool still_there = first.running();
    tequio::print("sin join(): el principal terminó su parte y el proceso 1 {}; get() lo espera\n",
                  still_there ? "sigue" : "ya terminó");
    a = first.get();
  }
  draw("principal", rest, origin);
  draw("proceso 1", a, origin);
  return a.end >= a.begin;
}

}  // namespace

int main() {
  const bool right = one_after_the_other() && together() && never_lost();
  return right ? 0 : 1;
}
