// SPDX-License-Identifier: MIT
// What is asked of a call: refusals, files, sizes, sameness. What is in a table is in census_table_test.cpp.
#include "tequio/jobs/make_census.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <limits>
#include <map>

#include "jobs/census/census_states.hpp"
#include "support/files/census_table.hpp"
#include "support/files/file_size_limit.hpp"
#include "support/files/folder_content.hpp"
#include "support/files/read_all.hpp"
#include "support/files/scratch_folder.hpp"
#include "support/files/shared_data.hpp"

namespace {

using namespace tequio::jobs;
using tequio::test::content_of;
using tequio::test::csv_rows;
using tequio::test::file_size_limit;
using tequio::test::message_of;
using tequio::test::names_in;
using tequio::test::only_member;
using tequio::test::scratch_folder;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(make_census, refuses_a_scale_that_is_no_part) {
  for (const double scale : {0.0, -1.0, 1.5, std::numeric_limits<double>::quiet_NaN()})
    EXPECT_THAT(message_of([&] { (void)plan_census({.scale = scale}); }), HasSubstr("give more than 0 and at most 1"));
  EXPECT_THAT(message_of([] { make_census("/tmp", {.scale = 2}, 1); }), HasSubstr("scale 2: not a part of the whole"));
}

TEST(make_census, refuses_a_state_that_is_none_or_twice_given) {
  EXPECT_THAT(message_of([] { (void)plan_census({.states = {1, 33}}); }), HasSubstr("state 33: no such state"));
  EXPECT_THAT(message_of([] { make_census("/tmp", {}, 0); }), HasSubstr("give codes 1 to 32"));
  EXPECT_THAT(message_of([] { (void)plan_census({.states = {4, 4}}); }), HasSubstr("state 4: given twice"));
}

TEST(make_census, names_a_directory_that_is_missing) {
  EXPECT_THAT(message_of([] { make_census("/nowhere", {}, 1); }),
              AllOf(HasSubstr("/nowhere/ITER_01_2020_csv.zip: cannot be created: No such file or directory"),
                    HasSubstr("make the folder first")));
}

TEST(make_census, leaves_the_old_zip_and_nothing_else_when_there_is_no_space) {
  const scratch_folder folder;
  folder.write("ITER_06_2020_csv.zip", "the old one");
  {
    const file_size_limit limit(8192);
    EXPECT_THAT(message_of([&] { make_census(folder.path(), {}, 6); }),
                HasSubstr("ITER_06_2020_csv.zip: cannot be written: File too large"));
  }
  EXPECT_EQ(content_of(folder.path() / "ITER_06_2020_csv.zip"), "the old one");
  EXPECT_THAT(names_in(folder.path()), ElementsAre("ITER_06_2020_csv.zip"));
}

TEST(make_census, replaces_a_zip_in_one_step) {
  const scratch_folder folder;
  folder.write("ITER_06_2020_csv.zip", "the old one");
  const auto made = make_census(folder.path(), {.scale = 0.01}, 6);
  EXPECT_EQ(std::filesystem::file_size(folder.path() / "ITER_06_2020_csv.zip"), made.zip_bytes);
  EXPECT_THAT(names_in(folder.path()), ElementsAre("ITER_06_2020_csv.zip"));
}

TEST(make_census, makes_the_same_bytes_for_the_same_seed) {
  const scratch_folder folder;
  make_census(folder.path(), {.scale = 0.05}, 29);
  const auto first = content_of(folder.path() / "ITER_29_2020_csv.zip");
  make_census(folder.path(), {.scale = 0.05}, 29);
  EXPECT_EQ(content_of(folder.path() / "ITER_29_2020_csv.zip"), first);
  make_census(folder.path(), {.scale = 0.05, .seed = 1}, 29);
  EXPECT_NE(content_of(folder.path() / "ITER_29_2020_csv.zip"), first);
}

TEST(make_census, makes_the_text_it_made_on_other_machines) {
  const scratch_folder folder;
  make_census(folder.path(), {}, 9);
  const auto text = only_member(folder.path() / "ITER_09_2020_csv.zip", "ITER_09CSV20.csv");
  EXPECT_EQ(crc32_z(0, reinterpret_cast<const Bytef*>(text.data()), text.size()), 4107911395U);
}

TEST(make_census, has_the_shapes_of_the_published_states) {
  TEQUIO_NEEDS_SHARED_DATA();
  const auto lines = csv_rows(content_of(tequio::test::shared_data() / "census/states.csv"));
  ASSERT_EQ(lines.size(), 33U);
  for (std::size_t i = 0; i < census::states.size(); ++i) {
    const auto& state = census::states[i];
    const auto& line = lines[i + 1];
    EXPECT_EQ(line[1], state.name);
    std::vector<std::uint64_t> told;
    for (std::size_t place = 2; place < 15; ++place) told.push_back(std::stoull(line[place]));
    EXPECT_THAT(told, ElementsAre(state.rows(), state.municipalities, state.localities, state.rows_9998,
                                  state.rows_9999, state.masked, state.not_available, state.without_women,
                                  state.without_births, state.population, state.median, state.ninetieth, state.largest))
        << state.name;
  }
}

TEST(make_census, leaves_a_state_as_it_is_at_full_scale) {
  for (const auto& state : census::states) {
    const auto same = census::scaled(state, 1);
    EXPECT_EQ(same.rows(), state.rows()) << state.name;
    EXPECT_EQ(same.masked, state.masked) << state.name;
    EXPECT_EQ(same.population, state.population) << state.name;
  }
}

TEST(make_census, plans_all_states_or_those_asked_for) {
  const auto all = plan_census({});
  ASSERT_EQ(all.size(), 32U);
  std::uint64_t rows = 0;
  for (const auto& each : all) rows += each.rows;
  EXPECT_EQ(rows, 195'659U);
  const auto some = plan_census({.states = {30, 9}});
  ASSERT_EQ(some.size(), 2U);
  EXPECT_EQ(some[0].name, "Veracruz de Ignacio de la Llave");
  EXPECT_EQ(some[1].zip, "ITER_09_2020_csv.zip");
  EXPECT_EQ(some[1].member, "ITER_09CSV20.csv");
}

TEST(make_census, makes_every_state_in_small) {
  const scratch_folder folder;
  for (const double scale : {0.0001, 0.01, 0.03})
    for (const auto& each : plan_census({.scale = scale})) {
      const auto made = make_census(folder.path(), {.scale = scale}, each.state);
      const auto rows = csv_rows(only_member(folder.path() / each.zip, each.member));
      const auto shape = census::scaled(census::states[static_cast<std::size_t>(each.state) - 1], scale);
      ASSERT_EQ(made.rows, each.rows) << each.name;
      ASSERT_EQ(rows.size() - 1, each.rows) << each.name << scale;
      ASSERT_EQ(std::ranges::count(rows, "*", [](const auto& row) { return row[10]; }), shape.masked) << each.name;
      ASSERT_EQ(rows[1][9], std::to_string(shape.population)) << each.name << scale;
    }
}

TEST(make_census, comes_close_to_the_real_sizes) {
  const scratch_folder folder;
  const std::map<int, double> real{{1, 1'534'326}, {22, 1'834'948}};
  for (const auto& [state, bytes] : real)
    EXPECT_NEAR(static_cast<double>(make_census(folder.path(), {}, state).csv_bytes) / bytes, 1, 0.03) << state;
  const auto zip_bytes = std::filesystem::file_size(folder.path() / "ITER_01_2020_csv.zip");
  EXPECT_NEAR(static_cast<double>(zip_bytes) / 308'541, 1, 0.10);
}

}  // namespace
