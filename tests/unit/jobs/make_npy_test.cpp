// SPDX-License-Identifier: MIT
#include "tequio/jobs/make_npy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "support/files/file_size_limit.hpp"
#include "support/files/folder_content.hpp"
#include "support/files/read_all.hpp"
#include "support/files/scratch_folder.hpp"
#include "tequio/data/npy_writer.hpp"

namespace {

using tequio::jobs::make_npy;
using tequio::jobs::npy_samples;
using tequio::jobs::plan_npy;
using tequio::test::content_of;
using tequio::test::file_size_limit;
using tequio::test::message_of;
using tequio::test::names_in;
using tequio::test::scratch_folder;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<double> values_of(const std::string& file, std::size_t count) {
  std::vector<double> values(count);
  std::memcpy(values.data(), file.data() + file.size() - count * sizeof(double), count * sizeof(double));
  return values;
}

TEST(make_npy, names_a_directory_that_is_missing) {
  const scratch_folder folder;
  const auto message = message_of([&] { make_npy(folder.path() / "none", {}, 3); });
  EXPECT_THAT(message, AllOf(HasSubstr("none/file_3.npy: cannot be created: No such file or directory"),
                             HasSubstr("make the folder first")));
}

TEST(make_npy, names_a_file_given_as_directory) {
  const scratch_folder folder;
  const auto file = folder.write("file", "text");
  EXPECT_THAT(message_of([&] { make_npy(file, {}, 0); }),
              AllOf(HasSubstr("Not a directory"), HasSubstr("name a folder")));
}

TEST(make_npy, names_a_directory_that_takes_no_files) {
  EXPECT_THAT(message_of([] { make_npy("/proc/self", {}, 0); }), HasSubstr("/proc/self/file_0.npy: cannot be created"));
}

TEST(make_npy, leaves_the_old_file_and_nothing_else_when_there_is_no_space) {
  const scratch_folder folder;
  folder.write("file_0.npy", "the old one");
  {
    const file_size_limit limit(4096);
    EXPECT_THAT(message_of([&] { make_npy(folder.path(), {.shape = {100'000}}, 0); }),
                AllOf(HasSubstr("file_0.npy: cannot be written: File too large"), HasSubstr("ulimit -f")));
  }
  EXPECT_THAT(names_in(folder.path()), ElementsAre("file_0.npy"));
  EXPECT_EQ(content_of(folder.path() / "file_0.npy"), "the old one");
}

TEST(make_npy, refuses_a_shape_that_no_file_can_hold) {
  const npy_samples wide{.shape = {std::uint64_t{1} << 40, std::uint64_t{1} << 40}};
  EXPECT_THAT(message_of([&] { (void)plan_npy(wide); }), HasSubstr("more values than a file can hold"));
  EXPECT_THAT(message_of([&] { make_npy("/tmp", wide, 0); }), HasSubstr("give a smaller shape"));
  EXPECT_THAT(message_of([] { (void)plan_npy({.shape = std::vector<std::uint64_t>(65, 1)}); }), HasSubstr("65 axes"));
}

TEST(make_npy, replaces_a_file_in_one_step) {
  const scratch_folder folder;
  folder.write("file_7.npy", "the old one");
  const auto bytes = make_npy(folder.path(), {}, 7);
  EXPECT_EQ(content_of(folder.path() / "file_7.npy").size(), bytes);
  EXPECT_THAT(names_in(folder.path()), ElementsAre("file_7.npy"));
}

TEST(make_npy, does_not_stumble_over_the_rest_of_a_run_that_died) {
  const scratch_folder folder;
  folder.write(".file_0.npy." + std::to_string(::getpid()) + ".0", "half");
  make_npy(folder.path(), {}, 0);
  EXPECT_EQ(content_of(folder.path() / "file_0.npy").size(), 8128U);
}

TEST(make_npy, plans_the_names_and_bytes_it_makes) {
  const scratch_folder folder;
  const npy_samples samples{.count = 12, .shape = {5, 2, 5}};
  const auto plan = plan_npy(samples);
  ASSERT_EQ(plan.size(), 12U);
  EXPECT_EQ(plan[11].name, "file_11.npy");
  for (const auto& each : plan) {
    EXPECT_EQ(make_npy(folder.path(), samples, each.index), each.bytes);
    EXPECT_EQ(std::filesystem::file_size(folder.path() / each.name), each.bytes);
  }
  EXPECT_TRUE(content_of(folder.path() / "file_0.npy").starts_with(tequio::data::npy_preamble("<f8", {5, 2, 5})));
}

TEST(make_npy, plans_ten_thousand_files_of_a_thousand_values) {
  const auto plan = plan_npy({});
  ASSERT_EQ(plan.size(), 10'000U);
  EXPECT_EQ(plan.back().name, "file_9999.npy");
  EXPECT_EQ(plan.back().bytes, 8128U);
}

TEST(make_npy, makes_single_values_and_empty_arrays) {
  const scratch_folder folder;
  make_npy(folder.path(), {.shape = {}}, 0);
  EXPECT_EQ(content_of(folder.path() / "file_0.npy").size(), tequio::data::npy_preamble("<f8", {}).size() + 8);
  make_npy(folder.path(), {.shape = {3, 0}}, 1);
  EXPECT_EQ(content_of(folder.path() / "file_1.npy"), tequio::data::npy_preamble("<f8", {3, 0}));
}

TEST(make_npy, makes_the_same_bytes_for_the_same_seed_in_any_order) {
  const scratch_folder one;
  const scratch_folder other;
  for (const std::uint64_t index : {0U, 1U, 2U}) make_npy(one.path(), {.seed = 5}, index);
  for (const std::uint64_t index : {2U, 0U, 1U}) make_npy(other.path(), {.seed = 5}, index);
  for (const auto& name : names_in(one.path()))
    EXPECT_EQ(content_of(one.path() / name), content_of(other.path() / name));
  EXPECT_NE(content_of(one.path() / "file_0.npy"), content_of(one.path() / "file_1.npy"));
  make_npy(other.path(), {.seed = 6}, 0);
  EXPECT_NE(content_of(one.path() / "file_0.npy"), content_of(other.path() / "file_0.npy"));
}

TEST(make_npy, makes_the_bytes_it_made_on_other_machines) {
  const scratch_folder folder;
  make_npy(folder.path(), {}, 0);
  const auto file = content_of(folder.path() / "file_0.npy");
  EXPECT_EQ(crc32_z(0, reinterpret_cast<const Bytef*>(file.data()), file.size()), 2580224196U);
}

TEST(make_npy, begins_a_longer_array_with_the_values_of_a_shorter) {
  const scratch_folder folder;
  make_npy(folder.path(), {.shape = {20'000}}, 0);
  const auto longer = values_of(content_of(folder.path() / "file_0.npy"), 20'000);
  make_npy(folder.path(), {.shape = {10'000}}, 0);
  const auto shorter = values_of(content_of(folder.path() / "file_0.npy"), 10'000);
  EXPECT_TRUE(std::equal(shorter.begin(), shorter.end(), longer.begin()));
}

TEST(make_npy, draws_from_the_normal_distribution_asked_for) {
  constexpr std::size_t count = 200'000;
  const scratch_folder folder;
  make_npy(folder.path(), {.shape = {count}, .mean = 10, .deviation = 2}, 0);
  double sum = 0;
  double squares = 0;
  double fourths = 0;
  double beyond_three = 0;
  for (const double value : values_of(content_of(folder.path() / "file_0.npy"), count)) {
    const double z = (value - 10) / 2;
    sum += z;
    squares += z * z;
    fourths += z * z * z * z;
    if (std::abs(z) > 3) ++beyond_three;
  }
  EXPECT_NEAR(sum / count, 0, 0.01);
  EXPECT_NEAR(squares / count, 1, 0.015);
  EXPECT_NEAR(fourths / count, 3, 0.12);
  EXPECT_NEAR(beyond_three / count, 0.0027, 0.0006);
}

}  // namespace
