// SPDX-License-Identifier: MIT
// The rows of the tool's options: each complete, and the same that its command's help shows.
#include "option_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "command_line.hpp"
#include "support/tool/run_tool.hpp"

namespace tequio::test {
namespace {

using ::testing::HasSubstr;

std::vector<cli::option_row> rows() {
  cli::action chosen;
  return cli::option_table(*cli::make_command_line(chosen));
}

cli::option_row row(const std::string& command, const std::string& long_name) {
  const auto all = rows();
  const auto found = std::ranges::find_if(
      all, [&](const cli::option_row& one) { return one.command == command && one.long_name == long_name; });
  return found == all.end() ? cli::option_row{} : *found;
}

std::string help_of(const std::string& command) {
  std::vector<std::string> words;
  std::istringstream text(command);
  for (std::string word; text >> word;) words.push_back(word);
  words.erase(words.begin());  // "tequio"
  words.emplace_back("--help");
  return run_tool(words).out;
}

TEST(option_table, has_what_is_known_of_an_option) {
  const cli::option_row retries = row("tequio stats", "--retries");
  EXPECT_EQ(retries.value, "N");
  EXPECT_EQ(retries.default_value, "0");
  EXPECT_EQ(retries.help, "how often an item that failed is tried again");
  EXPECT_EQ(retries.group, "Run");
  EXPECT_FALSE(retries.required);
  EXPECT_EQ(row("tequio stats", "--workers").short_name, "-j");
  EXPECT_EQ(row("tequio stats", "--format").value, "table|csv|json");
  EXPECT_EQ(row("tequio stats", "--format").default_value, "table");
  EXPECT_EQ(row("tequio stats", "--fail-fast").value, "");
  EXPECT_EQ(row("tequio make npy", "--shape").default_value, "1000");
  EXPECT_TRUE(row("tequio query", "--where").required);
}

TEST(option_table, has_a_row_for_an_argument) {
  const cli::option_row files = row("tequio stats", "");
  EXPECT_EQ(files.value, "FILES");
  EXPECT_TRUE(files.required);
}

TEST(option_table, rows_are_complete_and_stand_in_the_help_of_their_command) {
  std::map<std::string, std::string> help;
  for (const cli::option_row& one : rows()) {
    const std::string name = one.long_name.empty() ? one.value : one.long_name;
    if (!help.contains(one.command)) help[one.command] = help_of(one.command);
    const std::string& text = help[one.command];
    EXPECT_NE(name, "") << one.command;
    EXPECT_NE(one.help, "") << one.command << " " << name;
    EXPECT_NE(one.group, "") << one.command << " " << name;
    EXPECT_THAT(text, HasSubstr(name));
    EXPECT_THAT(text, HasSubstr(one.value));
    EXPECT_THAT(text, HasSubstr(one.default_value));
    EXPECT_THAT(text, HasSubstr(one.help));
  }
  EXPECT_EQ(help.size(), 7U);
}

}  // namespace
}  // namespace tequio::test
