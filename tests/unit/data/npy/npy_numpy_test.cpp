// SPDX-License-Identifier: MIT
// Our statistics against NumPy's, bit for bit: support/files/numpy_arrays.py writes the arrays and what NumPy says of
// them.
#include <gtest/gtest.h>
#include <unistd.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "data/stats/stats_kernels.hpp"
#include "tequio/data/stats.hpp"

namespace {

using namespace tequio::data;

constexpr const char* python = "/usr/bin/python3";

std::vector<std::string> split(const std::string& line, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(line);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

bool same(double left, double right) {
  if (std::isnan(left) || std::isnan(right)) return std::isnan(left) && std::isnan(right);
  return std::bit_cast<std::uint64_t>(left) == std::bit_cast<std::uint64_t>(right);
}

double real(const std::string& text) { return std::strtod(text.c_str(), nullptr); }

/// Whether `text` of NumPy is our number; what ours is decides how it is read.
bool same(const scalar& ours, const std::string& text) {
  if (std::holds_alternative<int128>(ours)) return to_string(ours) == text;
  if (const auto* value = std::get_if<double>(&ours)) return same(*value, real(text));
  const auto parts = split(text + ",0", ',');  // the mean of nothing is a plain NaN
  const auto& value = std::get<std::complex<double>>(ours);
  return same(value.real(), real(parts[0])) && same(value.imag(), real(parts[1]));
}

/// Extremes may differ in the sign of a zero, which NumPy leaves to the processor.
bool equal(const scalar& ours, const std::string& text) {
  const auto* value = std::get_if<double>(&ours);
  return same(ours, text) || (value != nullptr && *value == real(text));
}

std::string shape_text(const npy_shape& shape) {
  std::string text;
  for (const auto length : shape) text += (text.empty() ? "" : "x") + std::to_string(length);
  return text;
}

class numpy : public testing::Test {
 protected:
  static inline std::filesystem::path s_folder{};
  static inline std::vector<std::vector<std::string>> s_lines{};

  static void SetUpTestSuite() {
    if (std::system((std::string(python) + " -c 'import numpy' 2>/dev/null").c_str()) != 0) return;
    s_folder = std::filesystem::temp_directory_path() / ("tequio_numpy_" + std::to_string(::getpid()));
    std::filesystem::create_directory(s_folder);
    const std::string command =
        std::string(python) + " " + TEQUIO_SOURCE_DIR + "/tests/support/files/numpy_arrays.py " + s_folder.string();
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
    std::ifstream table(s_folder / "expected.tsv");
    for (std::string line; std::getline(table, line);) s_lines.push_back(split(line, '\t'));
    ASSERT_GT(s_lines.size(), 1000U);
  }
  static void TearDownTestSuite() {
    if (!s_folder.empty()) std::filesystem::remove_all(s_folder);
  }
  void SetUp() override {
    if (s_folder.empty()) GTEST_SKIP() << python << " has no numpy";
  }

  static void compare(npy_reader& reader) {
    for (const auto& line : s_lines) {
      SCOPED_TRACE(line[0] + " " + line[1] + " of shape '" + line[2] + "'");
      reader.open((s_folder / line[0]).string());
      const summary ours = summarize(reader);
      EXPECT_EQ(ours.dtype, line[1]);
      EXPECT_EQ(shape_text(ours.shape), line[2]);
      EXPECT_EQ(std::to_string(ours.count), line[3]);
      EXPECT_EQ(std::to_string(ours.nan_count), line[4]);
      EXPECT_TRUE(same(ours.sum, line[5])) << "sum " << to_string(ours.sum) << " " << line[5];
      EXPECT_TRUE(same(ours.mean, line[6])) << "mean " << to_string(ours.mean) << " " << line[6];
      EXPECT_TRUE(same(scalar(ours.std_dev), line[7])) << "std " << ours.std_dev << " " << line[7];
      EXPECT_TRUE(equal(ours.min, line[8])) << "min " << to_string(ours.min) << " " << line[8];
      EXPECT_TRUE(equal(ours.max, line[9])) << "max " << to_string(ours.max) << " " << line[9];
    }
  }
};

TEST_F(numpy, agrees_to_the_last_bit_on_files_held_whole) {
  npy_reader reader;
  compare(reader);
}

TEST_F(numpy, agrees_to_the_last_bit_on_files_read_in_pieces) {
  npy_reader reader({.window_bytes = 100});
  compare(reader);
}

#if defined(__x86_64__)
TEST_F(numpy, finds_the_same_bits_with_the_instructions_of_any_processor) {
  if (!__builtin_cpu_supports("avx2")) GTEST_SKIP() << "this processor has no AVX2";
  npy_reader reader;
  for (const auto& line : s_lines) {
    if (line[1] != "<f8" && line[1] != "<c16") continue;
    SCOPED_TRACE(line[0] + " " + line[1] + " of shape '" + line[2] + "'");
    const npy_header& header = reader.open((s_folder / line[0]).string());
    const auto values = reader.next_piece();
    const std::size_t count = std::min(values.size() / sizeof(double), npy_reader::block_items) / 2;
    if (count == 0) continue;
    const auto one = baseline_kernels.facts(values.data(), count), other = avx2_kernels.facts(values.data(), count);
    EXPECT_TRUE(same(one.sum, other.sum) && same(one.min, other.min) && same(one.max, other.max));
    EXPECT_TRUE(same(baseline_kernels.squared_deviations(values.data(), count, 0.1),
                     avx2_kernels.squared_deviations(values.data(), count, 0.1)));
    const auto sum = baseline_kernels.sum_complex(values.data(), count);
    const auto other_sum = avx2_kernels.sum_complex(values.data(), count);
    EXPECT_TRUE(same(sum.real, other_sum.real) && same(sum.imaginary, other_sum.imaginary)) << header.count;
  }
}
#endif

}  // namespace
