// SPDX-License-Identifier: MIT
// Lección: Value y Lock. Varios procesos suman 100,000 veces cada uno en una misma variable.
// En Python: numero = Value('i', 0); candado = Lock(); with candado: numero.value += 1
#include <thread>
#include <vector>

#include "tequio/barrier.hpp"
#include "tequio/print.hpp"
#include "tequio/process.hpp"
#include "tequio/shared_array.hpp"
#include "tequio/shared_value.hpp"

namespace {

constexpr long additions = 100'000;

template <class Body>
void run(int workers, const Body& body) {
  std::vector<tequio::process<>> crew;
  for (int worker = 0; worker < workers; ++worker) crew.emplace_back(body);
  for (auto& worker : crew) worker.get();
}

// El error: leer, sumar y escribir son tres pasos, y entre ellos otro proceso hace los suyos. Con shared_value no se
// puede cometer, así que aquí se hace a propósito, sobre memoria compartida sin candado.
long without_lock(int workers) {
  tequio::shared_array<long> number(1);
  tequio::barrier start(workers);
  run(workers, [&] {
    volatile long& shared = number[0];
    start.arrive_and_wait();
    for (long i = 0; i < additions; ++i) {
      const long read = shared;
      if (i % 1000 == 0) std::this_thread::yield();  // el momento en que otro proceso suma
      shared = read + 1;
    }
  });
  return number[0];
}

// La cura: el valor sólo se alcanza a través de su candado.
long with_lock(int workers) {
  tequio::shared_value<long> number(0);
  run(workers, [&] {
    for (long i = 0; i < additions; ++i) *number.lock() += 1;
  });
  return *number.lock();
}

}  // namespace

int main() {
  bool right = true;
  for (const int workers : {2, 6}) {
    const long expected = workers * additions;
    long lost = 0;
    for (int attempt = 0; lost == 0 && attempt < 100; ++attempt) lost = expected - without_lock(workers);
    const long locked = with_lock(workers);
    tequio::print("{} procesos de {} sumas: sin candado se perdieron {}; con candado {} de {}\n", workers, additions,
                  lost, locked, expected);
    right = right && locked == expected && lost > 0;
  }
  return right ? 0 : 1;
}
