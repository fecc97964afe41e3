// SPDX-License-Identifier: MIT
// `tequio stats` over the .npy and .npz files of many writers: what NumPy loads and is a number has its line, all else
// is a failure that names the file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "support/files/census_table.hpp"
#include "support/files/scratch_folder.hpp"
#include "support/files/shared_data.hpp"
#include "support/tool/run_tool.hpp"

namespace tequio::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

/// A line of expected.tsv, by the name that stats gives the array.
struct expectation {
  std::string file{};
  std::string source{};
  std::string dtype{};
  std::string shape{};
  bool loads = false;
};

/// "(2, 3)" as "2x3", "(10,)" as "10".
std::string joined_by_x(const std::string& tuple) {
  std::string shape;
  for (const char c : tuple) {
    if (c == ',') shape += 'x';
    if (c >= '0' && c <= '9') shape += c;
  }
  return shape.ends_with('x') ? shape.substr(0, shape.size() - 1) : shape;
}

std::vector<expectation> expectations() {
  std::ifstream table(shared_data() / "npy" / "expected.tsv");
  std::vector<expectation> all;
  std::string line;
  std::getline(table, line);
  while (std::getline(table, line)) {
    std::vector<std::string> fields;
    std::istringstream parts(line);
    for (std::string field; std::getline(parts, field, '\t');) fields.push_back(field);
    const std::string member = fields[1].empty() ? "" : ":" + fields[1];
    all.push_back({.file = fields[0],
                   .source = fields[0] + member,
                   .dtype = fields[4],
                   .shape = joined_by_x(fields[5]),
                   .loads = fields[7] == "loads"});
  }
  return all;
}

bool is_number(const std::string& dtype) {
  return dtype.size() > 1 && std::string("<>|").find(dtype[0]) != std::string::npos &&
         std::string("biufc").find(dtype[1]) != std::string::npos;
}

/// NumPy 1.24 loads a negative length; we refuse it.
bool is_refused_by_us(const std::string& file) { return file == "generated/odd_shape_negative.npy"; }

class tool_npy_files : public ::testing::Test {
 protected:
  void SetUp() override {
    TEQUIO_NEEDS_SHARED_DATA();
    m_expected = expectations();
    std::vector<std::string> words{"stats", "--format", "csv"};
    std::set<std::string> seen;
    for (const expectation& each : m_expected)
      if (seen.insert(each.file).second) words.push_back(each.file);
    m_file_count = seen.size();
    m_run = run_tool(words, {.folder = shared_data() / "npy"});
    for (const csv_row& row : csv_rows(m_run.out))
      if (row.size() > 2) m_lines[row[0]] = row;
    for (const std::string& line : lines_of(m_run.err)) m_messages.push_back(line);
  }

  std::string message_for(const std::string& file) const {
    const auto found = std::ranges::find_if(
        m_messages, [&](const std::string& line) { return line.starts_with("tequio: " + file + ":"); });
    return found == m_messages.end() ? std::string() : *found;
  }

  std::vector<expectation> m_expected{};
  std::size_t m_file_count = 0;
  tool_result m_run{};
  std::map<std::string, csv_row> m_lines{};
  std::vector<std::string> m_messages{};
};

TEST_F(tool_npy_files, what_numpy_loads_has_its_line) {
  std::size_t lines = 0;
  for (const expectation& each : m_expected) {
    if (!each.loads || !is_number(each.dtype) || is_refused_by_us(each.file)) continue;
    ++lines;
    ASSERT_TRUE(m_lines.contains(each.source)) << each.source;
    EXPECT_EQ(m_lines[each.source][1], each.dtype) << each.source;
    EXPECT_EQ(m_lines[each.source][2], each.shape) << each.source;
  }
  EXPECT_GT(lines, 40U);
  EXPECT_EQ(m_lines.size(), lines + 1);  // the header
}

TEST_F(tool_npy_files, what_numpy_refuses_is_a_failure_that_names_the_file) {
  std::set<std::string> refused;
  for (const expectation& each : m_expected) {
    if (each.loads && is_number(each.dtype) && !is_refused_by_us(each.file)) continue;
    refused.insert(each.file);
    const std::string message = message_for(each.file);
    EXPECT_THAT(message, StartsWith("tequio: " + each.file)) << m_run.err;
    EXPECT_THAT(message, HasSubstr("; ")) << "no cure: " << message;
    EXPECT_FALSE(m_lines.contains(each.source)) << each.source;
  }
  EXPECT_EQ(m_messages.size(), refused.size() + 1) << m_run.err;
  EXPECT_EQ(m_messages.back(),
            "tequio: " + std::to_string(refused.size()) + " of " + std::to_string(m_file_count) + " files failed");
  EXPECT_EQ(m_run.exit_code, 1);
}

TEST_F(tool_npy_files, text_dates_and_records_are_refused_with_their_descriptor) {
  for (const expectation& each : m_expected)
    if (each.loads && !is_number(each.dtype)) {
      EXPECT_THAT(message_for(each.file), HasSubstr(each.dtype.substr(0, 10))) << each.file;
    }
}

}  // namespace
}  // namespace tequio::test
