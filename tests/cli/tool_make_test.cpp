// SPDX-License-Identifier: MIT
// `tequio make`: the same bytes on any engine, and places that cannot be written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "support/files/folder_content.hpp"
#include "support/files/scratch_folder.hpp"
#include "support/tool/run_tool.hpp"

namespace tequio::test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

std::map<std::string, std::string> content_of_folder(const fs::path& folder) {
  std::map<std::string, std::string> all;
  for (const std::string& name : names_in(folder)) all[name] = content_of(folder / name);
  return all;
}

/// Runs `command` into folders of its own on every engine, and expects the same files of each.
void expect_the_same_everywhere(const std::vector<std::string>& command) {
  const scratch_folder folder;
  std::map<std::string, std::string> first;
  for (const char* engine : {"serial", "threads", "processes"})
    for (const char* workers : {"1", "2", "4"}) {
      const fs::path place = folder.path() / engine / workers;
      std::vector<std::string> words = command;
      words.insert(words.end(), {place, "--engine", engine, "-j", workers});
      const tool_result run = run_tool(words);
      EXPECT_EQ(run.exit_code, 0) << run.err;
      const auto made = content_of_folder(place);
      if (first.empty()) first = made;
      EXPECT_FALSE(made.empty());
      EXPECT_TRUE(made == first) << engine << workers;
    }
}

TEST(tool_make, npy_is_the_same_on_every_engine) {
  expect_the_same_everywhere({"make", "npy", "--files", "7", "--shape", "10x3"});
}

TEST(tool_make, census_is_the_same_on_every_engine) {
  expect_the_same_everywhere({"make", "census", "--scale", "0.01", "--states", "1,9,20"});
}

TEST(tool_make, says_what_it_made_where) {
  const scratch_folder folder;
  const std::string place = folder.path() / "new/runs";
  const tool_result run = run_tool({"make", "npy", place, "--files", "3", "--shape", "1000"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.err, "");
  EXPECT_EQ(run.out, "made 3 files, 0.0 MB, in " + place + "\n");
  EXPECT_THAT(names_in(place), ElementsAre("file_0.npy", "file_1.npy", "file_2.npy"));
}

TEST(tool_make, census_makes_the_states_asked_for) {
  const scratch_folder folder;
  EXPECT_EQ(run_tool({"make", "census", "--scale", "0.01", "--states", "1,9", folder.path()}).exit_code, 0);
  EXPECT_THAT(names_in(folder.path()), ElementsAre("ITER_01_2020_csv.zip", "ITER_09_2020_csv.zip"));
}

TEST(tool_make, a_place_that_cannot_be_written_is_told_once) {
  const scratch_folder folder;
  const std::string file = folder.write("file", "");
  const auto refusal = [](const std::string& place) {
    const tool_result run = run_tool({"make", "npy", place, "--files", "100"});
    EXPECT_EQ(run.exit_code, 3);
    EXPECT_EQ(run.out, "");
    return run.err;
  };
  EXPECT_EQ(refusal(file),
            "tequio: " + file + ": cannot be made: Not a directory; name a folder that you may write to\n");
  EXPECT_EQ(refusal(file + "/below"),
            "tequio: " + file + "/below: cannot be made: Not a directory; name a folder that you may write to\n");
  EXPECT_THAT(refusal("/proc"), MatchesRegex("tequio: /proc: no file can be made in it: .*; name a folder that you "
                                             "may write to\n"));
}

TEST(tool_make, wrong_samples_are_refused_before_a_directory_is_made) {
  const scratch_folder folder;
  const std::string place = folder.path() / "runs";
  EXPECT_EQ(run_tool({"make", "census", place, "--states", "1,1"}).exit_code, 2);
  EXPECT_EQ(run_tool({"make", "npy", place, "--shape", "4294967296x4294967296"}).exit_code, 2);
  EXPECT_FALSE(fs::exists(place));
}

}  // namespace
}  // namespace tequio::test
