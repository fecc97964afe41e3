// SPDX-License-Identifier: MIT
// What is in a made table: rows, marks, sums and forms, against INEGI's figures and, where it is here, its file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "jobs/census/census_columns.hpp"
#include "jobs/census/census_lines.hpp"
#include "jobs/census/census_states.hpp"
#include "support/files/census_table.hpp"
#include "support/files/folder_content.hpp"
#include "support/files/scratch_folder.hpp"
#include "support/files/shared_data.hpp"
#include "tequio/jobs/make_census.hpp"

namespace {

using namespace tequio::jobs;
using census::index_of;
using tequio::test::content_of;
using tequio::test::csv_row;
using tequio::test::csv_rows;
using tequio::test::only_member;
using tequio::test::scratch_folder;
using tequio::test::shared_data;
using testing::ElementsAre;
using testing::MatchesRegex;

const std::size_t mun = index_of("MUN");
const std::size_t loc = index_of("LOC");
const std::size_t population = index_of("POBTOT");

bool is_locality(const csv_row& row) { return row[mun] != "000" && row[loc] != "0000" && row[loc] < "9998"; }
bool is_mark(const std::string& field) { return field == "*" || field == "N/D" || field == "N/A"; }
std::uint64_t number(const std::string& text) { return std::stoull(text); }

std::string made_text(int state) {
  const scratch_folder folder;
  make_census(folder.path(), {}, state);
  const auto plan = plan_census({.states = {state}});
  return only_member(folder.path() / plan[0].zip, plan[0].member);
}

/// The full table of a state, made once for all tests of this file.
struct table {
  std::string text;
  std::vector<csv_row> rows;

  explicit table(int state) : text(made_text(state)), rows(csv_rows(text)) { rows.erase(rows.begin()); }

  template <class Condition>
  [[nodiscard]] std::uint32_t count(Condition condition) const {
    return static_cast<std::uint32_t>(std::ranges::count_if(rows, condition));
  }
};

class census_table : public testing::TestWithParam<int> {
 protected:
  static const table& made() {
    static std::map<int, table> tables;
    return tables.try_emplace(GetParam(), GetParam()).first->second;
  }
  static const census::state_shape& shape() { return census::states[static_cast<std::size_t>(GetParam()) - 1]; }
};

// small ones, at the sea and not; many withheld rows; rows with N/D and N/A; more women than births that are N/A
INSTANTIATE_TEST_SUITE_P(states, census_table, testing::Values(1, 2, 6, 9, 18, 29, 31),
                         [](const auto& parameter) { return std::to_string(parameter.param); });

TEST_P(census_table, has_a_mark_of_utf8_and_ends_every_line_with_crlf) {
  const std::string& text = made().text;
  const auto lines = static_cast<std::int64_t>(shape().rows() + 1);
  EXPECT_TRUE(text.starts_with("\xef\xbb\xbf"));
  EXPECT_EQ(text.find("ENTIDAD,NOM_ENT,MUN,"), 3U);
  EXPECT_EQ(text.find("\r\n"), 2760U);
  EXPECT_TRUE(text.ends_with("\r\n"));
  EXPECT_EQ(std::ranges::count(text, '\n'), lines);
  EXPECT_EQ(std::ranges::count(text, '\r'), lines);
}

TEST_P(census_table, has_286_fields_in_every_row) {
  for (const auto& row : made().rows) ASSERT_EQ(row.size(), 286U) << row[loc];
}

TEST_P(census_table, has_the_state_in_one_row_and_that_first) {
  EXPECT_EQ(made().count([](auto& row) { return number(row[mun]) == 0 && number(row[loc]) == 0; }), 1U);
  const csv_row& first = made().rows[0];
  EXPECT_THAT(csv_row(first.begin() + 1, first.begin() + 9),
              ElementsAre(shape().name, "000", "Total de la entidad " + std::string(shape().name), "0000",
                          "Total de la Entidad", "", "", ""));
  EXPECT_EQ(made().rows[1][loc], "9998");
  EXPECT_EQ(made().rows[2][loc], "9999");
}

TEST_P(census_table, has_as_many_rows_of_each_kind_as_published) {
  EXPECT_EQ(made().rows.size(), shape().rows());
  EXPECT_EQ(made().count(is_locality), shape().localities);
  EXPECT_EQ(made().count([](auto& row) { return row[loc] == "9998"; }), shape().rows_9998);
  EXPECT_EQ(made().count([](auto& row) { return row[loc] == "9999"; }), shape().rows_9999);
  EXPECT_EQ(made().count([](auto& row) { return row[loc] == "0000"; }), shape().municipalities + 1);
}

TEST_P(census_table, withholds_273_columns_of_as_many_rows_as_published) {
  const auto masked = [](const csv_row& row) { return row[index_of("POBFEM")] == "*"; };
  EXPECT_EQ(made().count(masked), shape().masked);
  for (const auto& row : made().rows) {
    const bool few = number(row[index_of("TVIVHAB")]) <= 2;
    ASSERT_EQ(masked(row), few);
    if (few) {
      ASSERT_EQ(std::ranges::count(row, "*"), is_locality(row) ? 273 : 274);
    }
  }
}

TEST_P(census_table, has_271_columns_not_available_in_as_many_rows_as_published) {
  const auto unknown = [](const csv_row& row) { return row[index_of("PNACENT")] == "N/D"; };
  EXPECT_EQ(made().count(unknown), shape().not_available);
  for (const auto& row : made().rows) ASSERT_EQ(std::ranges::count(row, "N/D"), unknown(row) ? 271 : 0);
}

TEST_P(census_table, has_as_many_ratios_that_do_not_apply_as_published) {
  const auto not_applicable = [](std::string_view name) {
    return [place = index_of(name)](const csv_row& row) { return row[place] == "N/A"; };
  };
  EXPECT_EQ(made().count(not_applicable("REL_H_M")), shape().without_women);
  EXPECT_EQ(made().count(not_applicable("PROM_HNV")), shape().without_births);
  for (const auto& row : made().rows) ASSERT_EQ(row[index_of("POBFEM")] == "0", not_applicable("REL_H_M")(row));
}

TEST_P(census_table, has_totals_that_are_the_sum_of_their_localities) {
  for (const auto name : {"POBTOT", "VIVTOT", "TVIVHAB"}) {
    const std::size_t place = index_of(name);
    std::map<std::string, std::uint64_t> sums;
    for (const auto& row : made().rows) {
      if (!is_locality(row)) continue;
      sums["000"] += number(row[place]);
      sums[row[mun]] += number(row[place]);
    }
    for (const auto& row : made().rows)
      if (row[loc] == "0000") {
        ASSERT_EQ(number(row[place]), sums[row[mun]]) << name << row[mun];
      }
  }
  EXPECT_EQ(number(made().rows[0][population]), shape().population);
}

TEST_P(census_table, has_totals_of_localities_of_one_and_two_dwellings) {
  for (const auto& [code, dwellings] : {std::pair("9998", "1"), std::pair("9999", "2")}) {
    std::map<std::string, std::uint64_t> sums;
    for (const auto& row : made().rows) {
      if (!is_locality(row) || row[index_of("TVIVHAB")] != dwellings) continue;
      sums["000"] += number(row[population]);
      sums[row[mun]] += number(row[population]);
    }
    for (const auto& row : made().rows)
      if (row[loc] == code) {
        ASSERT_EQ(number(row[population]), sums[row[mun]]) << row[mun];
      }
  }
}

TEST_P(census_table, has_as_many_women_and_men_as_people_in_every_group) {
  for (std::size_t i = 0; i < census::column_count; ++i) {
    if (census::columns[i].made_by != census::rule::women) continue;
    const std::size_t group = index_of(census::columns[i].whole);
    for (const auto& row : made().rows)
      if (!is_mark(row[i])) {
        ASSERT_EQ(number(row[i]) + number(row[i + 1]), number(row[group])) << census::columns[i].name;
      }
  }
}

TEST_P(census_table, has_no_more_women_in_a_group_than_there_are) {
  for (const auto name : {"P_3YMAS_F", "P_12YMAS_F", "P_15YMAS_F", "PNACENT_F"})
    for (const auto& row : made().rows)
      if (!is_mark(row[index_of(name)])) {
        ASSERT_LE(number(row[index_of(name)]), number(row[index_of("POBFEM")]));
      }
}

TEST_P(census_table, withholds_births_in_totals_of_few_dwellings_only) {
  for (const auto& row : made().rows) {
    const bool few = row[loc] == "9998" || row[loc] == "9999";
    if (!is_locality(row)) {
      ASSERT_EQ(row[index_of("PROM_HNV")] == "*", few);
    }
  }
}

TEST_P(census_table, rises_by_municipality_and_locality) {
  std::string before;
  for (const auto& row : made().rows) {
    const std::string code = row[mun] + row[loc];
    ASSERT_EQ(code.size(), 7U);
    ASSERT_LT(before, code);
    before = code;
  }
}

TEST_P(census_table, spreads_its_people_as_published) {
  std::vector<std::uint64_t> people;
  for (const auto& row : made().rows)
    if (is_locality(row)) people.push_back(number(row[population]));
  std::ranges::sort(people);
  const auto near = [](std::uint64_t made_figure, std::uint32_t real) {
    EXPECT_NEAR(static_cast<double>(made_figure), real, 0.1 * real + 1);
  };
  EXPECT_EQ(people.back(), shape().largest);
  near(people[people.size() / 2], shape().median);
  near(people[people.size() * 9 / 10], shape().ninetieth);
}

TEST_P(census_table, writes_coordinates_and_altitudes_as_published) {
  const testing::Matcher<std::string> as_published = MatchesRegex(
      "([0-9]{3}| [0-9]{2})°[0-5][0-9]'[0-5][0-9][.][0-9]{3}\" W;"
      "[0-9]{2}°[0-5][0-9]'[0-5][0-9][.][0-9]{3}\" N;([0-9]{4}|-[0-9]{3}|00-[0-9])");
  std::set<char> below_sea;
  for (const auto& row : made().rows) {
    const std::string field = row[6] + ";" + row[7] + ";" + row[8];
    if (is_locality(row))
      ASSERT_THAT(field, as_published);
    else
      ASSERT_EQ(field, ";;");
    if (row[8].find('-') != std::string::npos) below_sea.insert(row[8][0]);
  }
  if (shape().place.coast == census::shore::sea)
    EXPECT_THAT(below_sea, ElementsAre('-', '0'));
  else
    EXPECT_TRUE(below_sea.empty());
}

TEST_P(census_table, quotes_coordinates_and_nothing_else_but_names_with_commas) {
  const auto localities = static_cast<std::int64_t>(shape().localities);
  std::int64_t commas = 0;
  for (const auto& row : made().rows)
    commas += std::ranges::count_if(row, [](auto& field) { return field.find(',') != std::string::npos; });
  EXPECT_EQ(std::ranges::count(made().text, '"'), 8 * localities + 2 * commas);
}

TEST_P(census_table, writes_figures_without_padding_but_for_one_group) {
  const testing::Matcher<std::string> count = MatchesRegex("0|[1-9][0-9]*");
  const testing::Matcher<std::string> padded = MatchesRegex(" *[0-9]+");
  const testing::Matcher<std::string> decimal = MatchesRegex("[0-9]+([.][0-9]?[1-9])?");
  for (std::size_t place = population; place < census::column_count; ++place) {
    const auto& which = census::columns[place];
    const bool is_padded = which.name.starts_with("POB_AFRO");
    const auto& form = is_padded ? padded : which.made_by == census::rule::decimal ? decimal : count;
    for (std::size_t i = 0; i < made().rows.size(); i += 19) {
      const std::string& field = made().rows[i][place];
      if (is_mark(field)) continue;
      ASSERT_THAT(field, form) << which.name;
      if (is_padded) {
        ASSERT_EQ(field.size(), 9U);
      }
    }
  }
}

TEST_P(census_table, classes_localities_by_their_people) {
  for (const auto& row : made().rows)
    ASSERT_EQ(row.back(),
              is_locality(row)
                  ? std::to_string(census::size_class_of(static_cast<std::uint32_t>(number(row[population]))))
                  : "*");
}

TEST(census_figures, have_fourteen_classes_of_size) {
  EXPECT_EQ(census::size_class_of(1), 1U);
  EXPECT_EQ(census::size_class_of(249), 1U);
  EXPECT_EQ(census::size_class_of(250), 2U);
  EXPECT_EQ(census::size_class_of(999'999), 13U);
  EXPECT_EQ(census::size_class_of(1'000'000), 14U);
}

TEST(census_columns, are_parts_of_columns_that_are_known_by_then) {
  for (std::size_t i = 0; i < census::column_count; ++i) {
    const auto& which = census::columns[i];
    if (which.whole.empty()) continue;
    const std::size_t whole = index_of(which.whole);
    ASSERT_LT(whole, census::column_count) << which.name;
    EXPECT_TRUE(whole < i || census::columns[whole].made_by == census::rule::given) << which.name;
    EXPECT_LE(which.share, 1) << which.name;
  }
}

TEST(census_columns, are_named_and_ordered_as_published) {
  TEQUIO_NEEDS_SHARED_DATA();
  const auto lines = csv_rows(content_of(shared_data() / "census/iter2020_columns.csv"));
  ASSERT_EQ(lines.size(), census::column_count + 1);
  for (std::size_t i = 0; i < census::column_count; ++i) EXPECT_EQ(census::columns[i].name, lines[i + 1][1]);
}

TEST(census_lines, quote_a_name_with_a_comma) {
  std::string line;
  census::append_line(line, {.state_code = 1, .state = "A", .municipality = "B", .locality = "C (D, E)"},
                      census::row_kind::locality, {}, census::figures_shown::all);
  EXPECT_EQ(line.substr(0, 36), "01,A,000,B,0000,\"C (D, E)\",,,,0,0,0,");
}

/// What a reader that guesses types sees in each column: the kinds of its fields.
std::vector<std::set<std::string>> kinds_by_column(const std::vector<csv_row>& rows) {
  const auto kind = [](const std::string& field) -> std::string {
    const auto only = [&](const char* allowed) { return field.find_first_not_of(allowed) == std::string::npos; };
    if (field.empty() || is_mark(field)) return "'" + field + "'";
    return only("0123456789") ? "whole" : only("0123456789.") ? "decimal" : only(" 0123456789") ? "padded" : "text";
  };
  std::vector<std::set<std::string>> kinds(census::column_count);
  for (std::size_t i = 1; i < rows.size(); ++i)
    for (std::size_t place = 0; place < kinds.size(); ++place) kinds[place].insert(kind(rows[i].at(place)));
  return kinds;
}

TEST(census_lines, have_the_kinds_of_fields_of_the_real_table_in_every_column) {
  TEQUIO_NEEDS_SHARED_DATA();
  const auto real = only_member(shared_data() / "census/ITER_01_2020_csv.zip", "ITER_01CSV20.csv");
  const auto expected = kinds_by_column(csv_rows(real));
  const auto made = kinds_by_column(csv_rows(made_text(1)));
  EXPECT_EQ(made_text(1).substr(0, 2762), real.substr(0, 2762));
  for (std::size_t i = 0; i < census::column_count; ++i) EXPECT_EQ(made[i], expected[i]) << census::columns[i].name;
}

}  // namespace
