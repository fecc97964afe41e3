// SPDX-License-Identifier: MIT
// reduce() against np.sum of a NumPy of today, bit for bit.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "support/files/python.hpp"
#include "tequio/serial.hpp"

namespace {

using namespace tequio::test;

// as the script below has them
template <class Number>
std::vector<Number> sample(std::size_t count) {
  std::vector<Number> numbers(count);
  for (std::size_t i = 0; i < count; ++i)
    numbers[i] = static_cast<Number>((i * 2654435761U) % 4294967296U) / static_cast<Number>(7);
  return numbers;
}

constexpr const char* script = R"(
import numpy
for kind in 'f8', 'f4':
    for count in 0, 1, 7, 8, 9, 128, 129, 1000, 8192, 8193, 16385, 30007, 65601, 1000003:
        numbers = (numpy.arange(count, dtype='u8') * 2654435761 % 4294967296).astype(kind) / numpy.dtype(kind).type(7)
        for initial in 0.0, 0.5:
            print(kind, count, initial, numpy.float64(numpy.sum(numbers, initial=initial)).view('u8'))
)";

template <class Number>
std::string line(const char* kind, std::size_t count, double initial) {
  tequio::serial engine;
  const double sum = engine.reduce(sample<Number>(count), static_cast<Number>(initial), std::plus<>{});
  return fmt::format("{} {} {:.1f} {}\n", kind, count, initial, std::bit_cast<std::uint64_t>(sum));
}

TEST(numpy_sum, is_that_of_reduce) {
  if (numpy_version_of(newest_numpy_python).empty())
    GTEST_SKIP() << newest_numpy_python << " has no NumPy; ./dev setup test installs it";
  const python_result ran = run_python(script, newest_numpy_python);
  ASSERT_EQ(ran.exit_code, 0) << ran.printed;
  std::string ours;
  for (const std::string kind : {"f8", "f4"})
    for (const std::size_t count : {0, 1, 7, 8, 9, 128, 129, 1000, 8192, 8193, 16385, 30007, 65601, 1000003})
      for (const double initial : {0.0, 0.5})
        ours += kind == "f8" ? line<double>("f8", count, initial) : line<float>("f4", count, initial);
  EXPECT_EQ(ours, ran.printed);
}

}  // namespace
