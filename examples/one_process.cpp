// SPDX-License-Identifier: MIT
// Lección: un proceso, su arranque, su espera y, al contrario que en Python, su resultado.
// En Python: p = Process(target=saluda); p.start(); p.join(), y lo que saluda() devuelve se pierde.
#include <stdexcept>
#include <string>

#include "tequio/print.hpp"
#include "tequio/process.hpp"
#include "tequio/this_worker.hpp"

namespace {

std::string greet() {
  tequio::print("hola desde el proceso {}\n", tequio::this_worker::pid());
  return "saludo entregado";
}

int fail() { throw std::runtime_error("se acabó el café"); }

}  // namespace

int main() {
  tequio::print("el programa principal es el proceso {}\n", tequio::this_worker::pid());

  tequio::process worker(greet);  // ya corre: no hay start() que olvidar
  tequio::print("devolvió: {}\n", worker.get());

  // El error: en Python la excepción de un hijo sólo se imprime, y el padre no se entera.
  // La cura: get() la trae, con el nombre del proceso y el texto.
  tequio::process broken(fail);
  try {
    broken.get();
  } catch (const tequio::worker_error& error) {
    tequio::print("falló: {}\n", error.what());
    return 0;
  }
  return 1;
}
