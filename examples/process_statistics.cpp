// SPDX-License-Identifier: MIT
// Lección: diez procesos que calculan media y desviación estándar, y cuyos resultados SÍ llegan.
// En Python: class MiProc(Process) con self.mean en run(); después, AttributeError: 'MyProc' object has no attribute
// 'mean'.
#include <cmath>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "tequio/print.hpp"
#include "tequio/process.hpp"

namespace {

struct statistics {
  double mean = 0;
  double deviation = 0;
};

statistics measure(unsigned seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal(static_cast<double>(seed), 1.0);
  std::vector<double> sample(10'000);
  for (double& number : sample) number = normal(random);

  const double count = static_cast<double>(sample.size());
  const double mean = std::accumulate(sample.begin(), sample.end(), 0.0) / count;
  const double squares = std::accumulate(sample.begin(), sample.end(), 0.0, [&](double sum, double number) {
    return sum + (number - mean) * (number - mean);
  });
  return {mean, std::sqrt(squares / count)};
}

}  // namespace

int main() {
  std::vector<tequio::process<statistics>> workers;
  for (unsigned number = 0; number < 10; ++number)
    workers.emplace_back(tequio::process_options{.name = "proceso " + std::to_string(number)}, measure, number);

  // get() trae el resultado desde el otro proceso, sin subclases ni variables globales.
  bool right = true;
  for (unsigned number = 0; number < 10; ++number) {
    const statistics result = workers[number].get();
    tequio::print("{}: media {:6.3f}, desviación {:.3f}\n", workers[number].name(), result.mean, result.deviation);
    right = right && std::abs(result.mean - number) < 0.1 && std::abs(result.deviation - 1) < 0.1;
  }
  return right ? 0 : 1;
}
