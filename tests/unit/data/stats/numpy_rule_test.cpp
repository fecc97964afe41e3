// SPDX-License-Identifier: MIT
// Whose sums ours are: each rule of NumPy, number by number.
#include "tequio/data/numpy_rule.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "support/files/scratch_folder.hpp"
#include "support/slow_sum.hpp"
#include "tequio/data/npy_writer.hpp"
#include "tequio/data/stats.hpp"
#include "tequio/error.hpp"

namespace {

using namespace tequio::data;
using tequio::test::slow_block_sum;
using tequio::test::slow_pairwise_sum;

constexpr std::size_t sizes[] = {1, 7, 8, 129, 8192, 8193, 16'385, 30'007, 65'601, 300'007};

std::uint64_t bits(double number) { return std::bit_cast<std::uint64_t>(number); }
std::uint64_t bits(const scalar& number) { return bits(std::get<double>(number)); }

/// Integers of 64 bits, the same for the same count.
std::vector<std::int64_t> integers(std::size_t count) {
  std::mt19937_64 random(count);
  std::vector<std::int64_t> numbers(count);
  for (std::int64_t& number : numbers) number = static_cast<std::int64_t>(random());
  return numbers;
}

std::vector<double> sample(std::size_t count) {
  std::vector<double> numbers;
  for (const std::int64_t number : integers(count)) numbers.push_back(static_cast<double>(number) / 3.0);
  return numbers;
}

double sum_of(const std::vector<double>& numbers, bool whole) {
  return whole ? slow_pairwise_sum(numbers) : slow_block_sum(numbers);
}

/// sqrt(sum((numbers - mean)^2) / n)
double deviation_of(const std::vector<double>& numbers, double mean, bool whole) {
  std::vector<double> squares;
  for (const double number : numbers) squares.push_back((number - mean) * (number - mean));
  return std::sqrt(sum_of(squares, whole) / static_cast<double>(numbers.size()));
}

class numpy_rules : public testing::Test {
 protected:
  tequio::test::scratch_folder m_folder{};
  std::string m_path = (m_folder.path() / "a.npy").string();

  /// Of the file, held whole and read in pieces.
  void each_way(numpy_rule rule, const auto& check) const {
    for (const std::size_t window : {std::size_t{100}, std::size_t{16} << 20U}) {
      npy_reader reader({.window_bytes = window});
      reader.open(m_path);
      check(summarize(reader, rule));
    }
  }

  /// The sum and deviation of the file are those of `numbers` by the rule, `in_place` if NumPy converts nothing.
  void expect(const std::vector<double>& numbers, bool in_place) const {
    for (const numpy_rule rule : {numpy_rule::since_2_3, numpy_rule::until_2_2}) {
      const bool newest = rule == numpy_rule::since_2_3;
      const double mean = sum_of(numbers, newest && in_place) / static_cast<double>(numbers.size());
      each_way(rule, [&](const summary& ours) {
        EXPECT_EQ(bits(ours.mean), bits(mean)) << numbers.size() << (newest ? " since 2.3" : " until 2.2");
        EXPECT_EQ(bits(ours.std_dev), bits(deviation_of(numbers, mean, newest)))
            << numbers.size() << (newest ? " since 2.3" : " until 2.2");
      });
    }
  }
};

TEST_F(numpy_rules, of_doubles_are_one_tree_or_blocks) {
  for (const std::size_t size : sizes) {
    const std::vector<double> numbers = sample(size);
    write_npy(m_path, numbers, {size});
    expect(numbers, true);
  }
}

TEST_F(numpy_rules, of_swapped_doubles_are_blocks_and_their_distances_one_tree) {
  for (const std::size_t size : sizes) {
    const std::vector<double> numbers = sample(size);
    std::vector<std::uint64_t> swapped;
    for (const double number : numbers) swapped.push_back(__builtin_bswap64(bits(number)));
    write_npy_bytes(m_path, ">f8", std::as_bytes(std::span(swapped)), size, {size});
    expect(numbers, false);
  }
}

TEST_F(numpy_rules, of_floats_and_integers_are_blocks_and_their_distances_one_tree) {
  for (const std::size_t size : sizes) {
    const std::vector<double> numbers = sample(size);
    const std::vector<float> floats(numbers.begin(), numbers.end());
    write_npy(m_path, floats, {size});
    expect({floats.begin(), floats.end()}, false);
    const std::vector<std::int64_t> whole = integers(size);
    write_npy(m_path, whole, {size});
    expect({whole.begin(), whole.end()}, false);
  }
}

/// Real and imaginary parts in turn: those of a leaf add up in four sums each.
std::complex<double> slow_complex_sum(std::span<const std::complex<double>> numbers) {
  const std::size_t parts = 2 * numbers.size();
  if (parts > 128) {
    const std::size_t half = parts / 2 / 8 * 8 / 2;
    return slow_complex_sum(numbers.first(half)) + slow_complex_sum(numbers.subspan(half));
  }
  std::complex<double> lane[4]{};
  for (std::size_t i = 0; i < parts / 8 * 4; ++i) lane[i % 4] += numbers[i];
  std::complex<double> sum = (lane[0] + lane[1]) + (lane[2] + lane[3]);
  for (std::size_t i = parts / 8 * 4; i < numbers.size(); ++i) sum += numbers[i];
  return sum;
}

TEST_F(numpy_rules, of_complex_numbers_count_both_parts) {
  for (const std::size_t size : sizes) {
    const std::vector<double> parts = sample(2 * size);
    std::vector<std::complex<double>> numbers(size);
    for (std::size_t i = 0; i < size; ++i) numbers[i] = {parts[2 * i], parts[2 * i + 1]};
    write_npy(m_path, numbers, {size});
    std::complex<double> by_blocks{};
    for (std::size_t first = 0; first < size; first += 8192)
      by_blocks += slow_complex_sum(std::span(numbers).subspan(first, std::min<std::size_t>(8192, size - first)));
    for (const numpy_rule rule : {numpy_rule::since_2_3, numpy_rule::until_2_2}) {
      const auto sum = rule == numpy_rule::since_2_3 ? slow_complex_sum(numbers) : by_blocks;
      each_way(rule, [&](const summary& ours) {
        EXPECT_EQ(bits(std::get<std::complex<double>>(ours.sum).real()), bits(sum.real())) << size;
        EXPECT_EQ(bits(std::get<std::complex<double>>(ours.sum).imag()), bits(sum.imag())) << size;
      });
    }
  }
}

TEST_F(numpy_rules, are_by_default_the_newest) {
  const std::vector<double> numbers = sample(300'007);
  ASSERT_NE(bits(slow_pairwise_sum(numbers)), bits(slow_block_sum(numbers)));
  write_npy(m_path, numbers, {numbers.size()});
  npy_reader reader;
  reader.open(m_path);
  EXPECT_EQ(bits(summarize(reader).sum), bits(slow_pairwise_sum(numbers)));
}

TEST(numpy_rule, is_that_of_the_version) {
  for (const char* version : {"1.24", "1.24.2", "0.9", "1.26.4", "2", "2.0.0", "2.2", "2.2.6"})
    EXPECT_EQ(numpy_rule_of(version), numpy_rule::until_2_2) << version;
  for (const char* version : {"2.3", "2.3.0", "2.4.6", "2.10", "3", "10.0"})
    EXPECT_EQ(numpy_rule_of(version), numpy_rule::since_2_3) << version;
}

TEST(numpy_rule, refuses_what_is_no_version) {
  for (const std::string word :
       {"", "2.", ".3", "two", "2.x", "2.3rc1", "-1", "2,3", " 2.3", "1.2.3.4.5", "99999999999"}) {
    try {
      (void)numpy_rule_of(word);
      FAIL() << word;
    } catch (const tequio::error& wrong) {
      EXPECT_EQ(std::string(wrong.what()),
                "'" + word + "': no version of NumPy; write its numbers with dots: 1.24, 2.4.6");
    }
  }
}

}  // namespace
