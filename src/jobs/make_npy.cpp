// SPDX-License-Identifier: MIT
#include "tequio/jobs/make_npy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <span>

#include "jobs/random.hpp"
#include "tequio/data/npy_writer.hpp"
#include "tequio/error.hpp"
#include "tequio/new_file.hpp"

namespace tequio::jobs {
namespace {

constexpr std::size_t values_at_once = 8192;

std::string name_of(std::uint64_t index) { return fmt::format("file_{}.npy", index); }

std::string preamble_of(const npy_samples& samples) { return data::npy_preamble("<f8", samples.shape); }

std::uint64_t value_count(const npy_samples& samples) {
  if (std::ranges::find(samples.shape, 0U) != samples.shape.end()) return 0;
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max() / sizeof(double) / 2;
  std::uint64_t count = 1;
  for (const auto length : samples.shape)
    if (__builtin_mul_overflow(count, length, &count) || count > most)
      throw error({.problem = "a shape of more values than a file can hold", .cure = "give a smaller shape"});
  return count;
}

/// The natural logarithm of `value`, in (0, 1), of basic operations only: the C library's may differ in the last bit.
double logarithm(double value) {
  int exponent = 0;
  double mantissa = std::frexp(value, &exponent);
  if (mantissa < 0.70710678118654752) {
    mantissa *= 2;
    --exponent;
  }
  const double s = (mantissa - 1) / (mantissa + 1);  // ln m = 2 (s + s^3/3 + s^5/5 + ...), |s| < 0.172
  double series = 0;
  for (int power = 21; power >= 1; power -= 2) series = series * s * s + 1.0 / power;
  return 2 * s * series + exponent * 0.69314718055994531;
}

/// Normally distributed values.
///
/// Source: Marsaglia, Bray 1964 (the polar method).
class normal_values {
 public:
  normal_values(const npy_samples& samples, std::uint64_t index)
      : m_random(samples.seed, index), m_mean(samples.mean), m_deviation(samples.deviation) {}

  void fill(std::span<double> values) {
    for (double& value : values) value = m_mean + m_deviation * next();
  }

 private:
  double next() {
    if (m_has_second) {
      m_has_second = false;
      return m_second;
    }
    double x = 0;
    double y = 0;
    double square = 0;
    do {
      x = 2 * m_random.unit() - 1;
      y = 2 * m_random.unit() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square == 0);
    const double factor = std::sqrt(-2 * logarithm(square) / square);
    m_second = y * factor;
    m_has_second = true;
    return x * factor;
  }

  counter_random m_random;
  double m_mean;
  double m_deviation;
  double m_second = 0;
  bool m_has_second = false;
};

}  // namespace

std::vector<planned_npy> plan_npy(const npy_samples& samples) {
  const std::uint64_t bytes = preamble_of(samples).size() + value_count(samples) * sizeof(double);
  std::vector<planned_npy> plan;
  plan.reserve(samples.count);
  for (std::uint64_t index = 0; index < samples.count; ++index)
    plan.push_back({.index = index, .name = name_of(index), .bytes = bytes});
  return plan;
}

std::uint64_t make_npy(const std::filesystem::path& directory, const npy_samples& samples, std::uint64_t index) {
  static_assert(std::endian::native == std::endian::little, "the files hold little-endian doubles");
  std::uint64_t left = value_count(samples);
  const std::string preamble = preamble_of(samples);
  normal_values source(samples, index);
  new_file file(directory / name_of(index));
  file.write(std::as_bytes(std::span(preamble)));
  std::vector<double> values(std::min<std::uint64_t>(left, values_at_once));
  while (left > 0) {
    const auto piece = std::span(values).first(std::min<std::uint64_t>(left, values_at_once));
    source.fill(piece);
    file.write(std::as_bytes(piece));
    left -= piece.size();
  }
  file.commit();
  return file.size();
}

}  // namespace tequio::jobs
