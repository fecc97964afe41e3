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
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "base/instruction_set.hpp"
#include "data/stats/stats_kernels.hpp"
#include "support/files/python.hpp"
#include "tequio/data/numpy_rule.hpp"
#include "tequio/data/stats.hpp"
#include "tequio/detail/base/numpy_sum_rule.hpp"

namespace {

using namespace tequio::data;

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

/// A NumPy, and the rule by which it adds up.
struct numpy_choice {
  const char* name;
  const char* python;
  numpy_rule rule;
};

/// What a NumPy says of the arrays it has written into `folder`; nothing where it is not there or follows another rule.
struct numpy_answers {
  std::string version{};
  std::filesystem::path folder{};
  std::vector<std::vector<std::string>> lines{};
};

class numpy : public testing::TestWithParam<numpy_choice> {
 protected:
  static inline std::map<std::string, numpy_answers> s_answers{};

  static numpy_answers ask(const numpy_choice& choice) {
    numpy_answers answers{.version = tequio::test::numpy_version_of(choice.python)};
    if (answers.version.empty() || numpy_rule_of(answers.version) != choice.rule) return answers;
    answers.folder = std::filesystem::temp_directory_path() /
                     ("tequio_numpy_" + std::string(choice.name) + "_" + std::to_string(::getpid()));
    std::filesystem::create_directory(answers.folder);
    const std::string command = std::string(choice.python) + " " + TEQUIO_SOURCE_DIR +
                                "/tests/support/files/numpy_arrays.py " + answers.folder.string();
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
    std::ifstream table(answers.folder / "expected.tsv");
    for (std::string line; std::getline(table, line);) answers.lines.push_back(split(line, '\t'));
    EXPECT_GT(answers.lines.size(), 1000U);
    return answers;
  }
  static void TearDownTestSuite() {
    for (const auto& [name, answers] : s_answers)
      if (!answers.folder.empty()) std::filesystem::remove_all(answers.folder);
  }
  void SetUp() override {
    if (!s_answers.contains(GetParam().name)) s_answers[GetParam().name] = ask(GetParam());
    const std::string& version = answers().version;
    if (answers().lines.empty())
      GTEST_SKIP() << GetParam().python << " has " << (version.empty() ? "no NumPy" : "NumPy " + version)
                   << "; ./dev setup test installs what is missing";
  }
  static const numpy_answers& answers() { return s_answers[GetParam().name]; }

  static void compare(npy_reader& reader) {
    for (const auto& line : answers().lines) {
      SCOPED_TRACE(line[0] + " " + line[1] + " of shape '" + line[2] + "'");
      reader.open((answers().folder / line[0]).string());
      const summary ours = summarize(reader, GetParam().rule);
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

INSTANTIATE_TEST_SUITE_P(of, numpy,
                         testing::Values(numpy_choice{"debian", tequio::test::debian_python, numpy_rule::until_2_2},
                                         numpy_choice{"today", tequio::test::newest_numpy_python,
                                                      numpy_rule::since_2_3}),
                         [](const auto& one) { return std::string(one.param.name); });

TEST_P(numpy, agrees_to_the_last_bit_on_files_held_whole) {
  npy_reader reader;
  compare(reader);
}

TEST_P(numpy, agrees_to_the_last_bit_on_files_read_in_pieces) {
  npy_reader reader({.window_bytes = 100});
  compare(reader);
}

#if defined(__x86_64__)
TEST_P(numpy, finds_the_same_bits_with_the_instructions_of_any_processor) {
  using tequio::detail::instruction_set;
  if (tequio::detail::best_instruction_set() < instruction_set::avx2) GTEST_SKIP() << "this processor has no AVX2";
  npy_reader reader;
  for (const auto& line : answers().lines) {
    if (line[1] != "<f8" && line[1] != "<c16") continue;
    SCOPED_TRACE(line[0] + " " + line[1] + " of shape '" + line[2] + "'");
    const npy_header& header = reader.open((answers().folder / line[0]).string());
    const auto values = reader.next_piece();
    const std::size_t count = std::min(values.size() / sizeof(double), tequio::detail::numpy_sum_rule::block) / 2;
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
