// SPDX-License-Identifier: MIT
#include "tequio/data/stats.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <limits>

#include "data/stats/stats_convert.hpp"
#include "tequio/data/format_error.hpp"
#include "tequio/data/npy_writer.hpp"

namespace {

using namespace tequio::data;
using complex = std::complex<double>;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();

class stats : public testing::Test {
 protected:
  std::string m_path =
      (std::filesystem::temp_directory_path() / ("tequio_stats_" + std::to_string(::getpid()) + ".npy")).string();
  npy_reader m_reader{};

  void TearDown() override { std::filesystem::remove(m_path); }

  template <class T>
  summary of(const std::vector<T>& values) {
    write_npy(m_path, values, {values.size()});
    m_reader.open(m_path);
    return summarize(m_reader);
  }
};

std::string line(const summary& of) {
  std::string text = of.dtype;
  for (const std::string& part : {std::to_string(of.count), std::to_string(of.nan_count), to_string(of.sum),
                                  to_string(of.mean), to_string(of.std_dev), to_string(of.min), to_string(of.max)})
    text += " " + part;
  return text;
}

TEST_F(stats, refuse_what_is_no_number_and_name_its_descriptor) {
  for (const std::string descr : {"|S8", "<U2", "|V8", "<M8[s]", "<m8[D]"}) {
    const std::vector<std::byte> bytes(8);
    write_npy_bytes(m_path, descr, bytes, 1, {1});
    m_reader.open(m_path);
    try {
      (void)summarize(m_reader);
      FAIL() << descr;
    } catch (const format_error& failure) {
      EXPECT_EQ(std::string(failure.what()), m_path + ": statistics are of numbers, and its dtype is " + descr +
                                                 "; save the numbers in it as an array of their own");
    }
  }
}

TEST_F(stats, of_nothing_have_no_mean) {
  EXPECT_EQ(line(of(std::vector<double>())), "<f8 0 0 0 nan nan nan nan");
  EXPECT_EQ(line(of(std::vector<std::int32_t>())), "<i4 0 0 0 nan nan nan nan");
  EXPECT_EQ(line(of(std::vector<complex>())), "<c16 0 0 0+0j nan nan nan nan");
  EXPECT_EQ(line(merge({})), " 0 0 0 nan nan nan nan");
}

TEST_F(stats, of_integers_are_exact_at_the_limits) {
  constexpr auto low = std::numeric_limits<std::int64_t>::min(), high = std::numeric_limits<std::int64_t>::max();
  const summary signed_limits = of(std::vector<std::int64_t>{high, low, high, high});
  EXPECT_EQ(to_string(signed_limits.max), "9223372036854775807");
  EXPECT_EQ(to_string(signed_limits.min), "-9223372036854775808");
  EXPECT_EQ(to_string(signed_limits.sum), "18446744073709551613");
  const summary unsigned_limits = of(std::vector<std::uint64_t>(20'000, std::numeric_limits<std::uint64_t>::max()));
  EXPECT_EQ(to_string(unsigned_limits.sum), "368934881474191032300000");
  EXPECT_EQ(to_string(unsigned_limits.max), "18446744073709551615");
}

TEST_F(stats, count_nan_and_are_poisoned_by_it) {
  std::vector<double> values(20'000, 1.0);
  values[3] = values[9000] = values[19'999] = nan;
  EXPECT_EQ(line(of(values)), "<f8 20000 3 nan nan nan nan nan");
  EXPECT_EQ(line(of(std::vector<double>{inf, -inf})), "<f8 2 0 nan nan nan -inf inf") << "no NaN among the elements";
  EXPECT_EQ(line(of(std::vector<double>{inf, 1})), "<f8 2 0 inf inf nan 1 inf");
}

TEST_F(stats, of_complex_numbers_use_their_distance) {
  EXPECT_EQ(line(of(std::vector<complex>{{1, 2}, {3, -4}})), "<c16 2 0 4-2j 2-1j 3.1622776601683795 1+2j 3-4j");
  EXPECT_EQ(line(of(std::vector<complex>{{1, nan}, {0, 5}})), "<c16 2 1 1+nanj nan+nanj nan 1+nanj 1+nanj");
}

TEST_F(stats, do_not_need_two_opens_for_two_calls) {
  const summary first = of(std::vector<float>{1, 2, 4});
  EXPECT_EQ(line(first), line(summarize(m_reader)));
  EXPECT_EQ(line(first), "<f4 3 0 7 2.3333333333333335 1.247219128924647 1 4");
}

TEST_F(stats, name_a_zero_of_the_same_sign_on_every_processor) {
  EXPECT_EQ(to_string(of(std::vector<double>(500, -0.0)).min), "-0");
}

TEST(scalar, prints_the_shortest_text_that_reads_back) {
  EXPECT_EQ(to_string(scalar(0.1)), "0.1");
  EXPECT_EQ(to_string(scalar(1.0 / 3)), "0.3333333333333333");
  EXPECT_EQ(to_string(scalar(100000.0)), "1e+05");
  EXPECT_EQ(to_string(scalar(-nan)), "nan");
  EXPECT_EQ(to_string(scalar(-inf)), "-inf");
  EXPECT_EQ(to_string(scalar(5e-324)), "5e-324");
  EXPECT_EQ(to_string(scalar(int128{0})), "0");
  const int128 lowest = int128{1} << 126U;
  EXPECT_EQ(to_string(scalar(-lowest - lowest)), "-170141183460469231731687303715884105728");
  EXPECT_EQ(to_string(scalar(complex(1, 2))), "1+2j");
  EXPECT_EQ(to_string(scalar(complex(-0.5, -2))), "-0.5-2j");
  EXPECT_EQ(to_string(scalar(complex(nan, nan))), "nan+nanj");
  EXPECT_TRUE(std::is_trivially_copyable_v<scalar>);
}

TEST(half, converts_each_of_its_values_exactly) {
  EXPECT_EQ(to_double(half{0x3c00}), 1.0);
  EXPECT_EQ(to_double(half{0x0001}), std::ldexp(1.0, -24));
  EXPECT_EQ(to_double(half{0x7bff}), 65504.0);
  EXPECT_EQ(to_double(half{0xfc00}), -inf);
  EXPECT_TRUE(std::isnan(to_double(half{0x7c01})));
  EXPECT_TRUE(std::signbit(to_double(half{0x8000})));
}

TEST_F(stats, merge_to_those_of_one_array) {
  std::vector<double> all;
  std::vector<summary> parts;
  for (const std::size_t size : {3U, 0U, 1U, 1000U, 17U}) {
    std::vector<double> values(size);
    for (std::size_t index = 0; index < size; ++index) values[index] = 1e6 + static_cast<double>(index * index % 101);
    all.insert(all.end(), values.begin(), values.end());
    parts.push_back(of(values));
  }
  const summary expected = of(all), total = merge(parts);
  EXPECT_EQ(total.count, expected.count);
  EXPECT_EQ(total.sum, expected.sum);
  EXPECT_EQ(total.min, expected.min);
  EXPECT_EQ(total.max, expected.max);
  EXPECT_DOUBLE_EQ(std::get<double>(total.mean), std::get<double>(expected.mean));
  EXPECT_NEAR(total.std_dev, expected.std_dev, 1e-12 * expected.std_dev);
  EXPECT_EQ(total.dtype, "<f8");
  EXPECT_TRUE(total.shape.empty());
}

TEST_F(stats, merge_keeps_integers_exact_and_names_a_mixture) {
  constexpr auto high = std::numeric_limits<std::int64_t>::max();
  const std::vector<summary> integers{of(std::vector<std::int64_t>{high, 1}), of(std::vector<std::int64_t>{high, -5})};
  EXPECT_EQ(to_string(merge(integers).sum), "18446744073709551610");
  EXPECT_EQ(to_string(merge(integers).max), "9223372036854775807");
  EXPECT_EQ(to_string(merge(integers).min), "-5");
  const std::vector<summary> mixed{of(std::vector<std::int8_t>{1, 2}), of(std::vector<double>{0.5}),
                                   of(std::vector<complex>{{0, 1}})};
  EXPECT_EQ(line(merge(std::span(mixed).first(2))), "mixed 3 0 3.5 1.1666666666666667 0.6236095644623235 0.5 2");
  EXPECT_THAT(line(merge(mixed)), testing::StartsWith("mixed 4 0 3.5+1j 0.875+0.25j "));
}

TEST_F(stats, merge_of_one_changes_nothing_but_the_shape) {
  const std::vector<summary> one{of(std::vector<float>{1, 2.5F, 4})};
  EXPECT_EQ(line(merge(one)), line(one.front()));
}

TEST_F(stats, merge_lets_nan_through_from_either_side) {
  const summary good = of(std::vector<double>{1, 2}), bad = of(std::vector<double>{nan, 2});
  for (const auto& parts : {std::vector{good, bad}, std::vector{bad, good}})
    EXPECT_EQ(line(merge(parts)), "<f8 4 1 nan nan nan nan nan");
}

}  // namespace
