// SPDX-License-Identifier: MIT
// Help, and the messages for command lines that make no sense.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/files/scratch_folder.hpp"
#include "support/tool/run_tool.hpp"

namespace tequio::test {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

using words = std::vector<std::string>;

/// The one line of the answer to `arguments`, which are wrong usage.
std::string refusal(const words& arguments) {
  const scratch_folder folder;
  const tool_result run = run_tool(arguments, {.folder = folder.path()});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(lines_of(run.err).size(), 1U) << run.err;
  return run.err;
}

TEST(tool_usage, no_command_names_the_commands) {
  EXPECT_EQ(refusal({}),
            "tequio: a command is missing: one of stats, query, make, cpu (tequio --help shows examples)\n");
  EXPECT_EQ(refusal({"make"}),
            "tequio make: a command is missing: one of npy, census (tequio make --help shows examples)\n");
}

TEST(tool_usage, an_unknown_command_names_the_commands) {
  EXPECT_EQ(
      refusal({"stat"}),
      "tequio: there is no command 'stat'; it is one of stats, query, make, cpu (tequio --help shows examples)\n");
  EXPECT_THAT(refusal({"make", "nyp", "runs"}), HasSubstr("there is no command 'nyp'; it is one of npy, census"));
}

TEST(tool_usage, an_unknown_option_is_named) {
  EXPECT_EQ(refusal({"stats", "--bogus", "a.npy"}),
            "tequio stats: there is no option --bogus (tequio stats --help shows examples)\n");
  EXPECT_EQ(refusal({"--workers=2", "stats", "a.npy"}),
            "tequio stats: --workers stands before the command; write it behind: tequio stats --workers (tequio stats "
            "--help shows examples)\n");
  EXPECT_THAT(refusal({"-j", "2", "make", "npy", "d"}), HasSubstr("write it behind: tequio make npy -j"));
  EXPECT_THAT(refusal({"stats", "--bogus"}), HasSubstr("there is no option --bogus"));
  EXPECT_THAT(refusal({"--bogus=3"}), HasSubstr("there is no option --bogus ("));
  EXPECT_THAT(refusal({"cpu", "extra"}), HasSubstr("tequio cpu: 'extra' is one argument too many"));
}

TEST(tool_usage, what_is_missing_is_named) {
  EXPECT_THAT(refusal({"query", "a.csv"}), StartsWith("tequio query: --where is missing: write -w EXPR ("));
  EXPECT_THAT(refusal({"query", "-w", "A == 0"}), StartsWith("tequio query: SOURCES is missing"));
  EXPECT_THAT(refusal({"stats"}), StartsWith("tequio stats: FILES is missing"));
  EXPECT_THAT(refusal({"make", "npy"}), StartsWith("tequio make npy: DIR is missing"));
  EXPECT_THAT(refusal({"stats", "a.npy", "-o"}), StartsWith("tequio stats: --output wants a value"));
}

TEST(tool_usage, a_value_that_makes_no_sense_is_shown_with_what_would) {
  EXPECT_THAT(refusal({"stats", "a", "-j", "0"}), HasSubstr("--workers: '0' is not a whole number from 1 to 65536"));
  EXPECT_THAT(refusal({"stats", "a", "-j", "two"}), HasSubstr("'two' is not a whole number"));
  EXPECT_THAT(refusal({"stats", "a", "-j", "-1"}), HasSubstr("'-1' is not a whole number"));
  EXPECT_THAT(refusal({"stats", "a", "-j", "1", "-j", "2"}), HasSubstr("--workers is given more than once"));
  EXPECT_THAT(refusal({"stats", "a", "--format", "xml"}), HasSubstr("--format: 'xml' is none of table, csv, json"));
  EXPECT_THAT(refusal({"stats", "a", "--numpy", "old"}),
              HasSubstr("--numpy: 'old': no version of NumPy; write its numbers with dots: 1.24, 2.4.6"));
  EXPECT_THAT(refusal({"stats", "a", "--engine", "gpu"}),
              HasSubstr("--engine: 'gpu' is none of serial, threads, processes"));
  for (const char* timeout : {"0", "-1", "nan", "inf", "1e300", "soon", ""})
    EXPECT_THAT(refusal({"stats", "a", "--timeout", timeout}), HasSubstr("is not a number of seconds above 0"))
        << timeout;
  EXPECT_THAT(refusal({"stats", "a", "--retries", "x"}), HasSubstr("--retries: 'x' is not a whole number"));
  EXPECT_THAT(refusal({"stats", "a", "--progress", "loud"}), HasSubstr("is none of auto, bar, json, none"));
  EXPECT_THAT(refusal({"stats", "a", "-o", ""}), HasSubstr("--output: '' names no file"));
  EXPECT_THAT(refusal({"make", "census", "d", "--scale", "2"}), HasSubstr("'2' is not a number above 0, up to 1"));
  EXPECT_THAT(refusal({"make", "census", "d", "--scale", "nan"}), HasSubstr("'nan' is not a number above 0"));
  EXPECT_THAT(refusal({"make", "census", "d", "--states", "1,33"}),
              HasSubstr("'33' is not a whole number from 1 to 32"));
  EXPECT_THAT(refusal({"make", "census", "d", "--states", "1,1"}), HasSubstr("state 1: given twice"));
  EXPECT_THAT(refusal({"make", "npy", "d", "--shape", "10xten"}), HasSubstr("--shape: 'ten' is not a whole number"));
  EXPECT_THAT(refusal({"make", "npy", "d", "--shape", "3,4"}),
              HasSubstr("--shape: '3,4' is not a whole number; write 3x4 ("));
  EXPECT_THAT(refusal({"make", "npy", "d", "--shape", "(3, 4)"}), HasSubstr("write 3x4 ("));
  EXPECT_THAT(refusal({"make", "npy", "d", "--mean", "nan"}), HasSubstr("--mean: 'nan' is not a number"));
  EXPECT_THAT(refusal({"make", "npy", "d", "--shape", "99999999999x99999999999"}), HasSubstr("give a smaller shape"));
}

TEST(tool_usage, a_compressed_result_is_refused) {
  EXPECT_EQ(refusal({"stats", "a", "-o", "r.csv.gz"}),
            "tequio stats: --output: 'r.csv.gz': results are written uncompressed; name r.csv and compress it then, or "
            "leave out -o and pipe: | gzip > r.csv.gz (tequio stats --help shows examples)\n");
  EXPECT_THAT(refusal({"query", "-w", "A > 0", "a", "-o", "r.zip"}), HasSubstr("name r and compress it then ("));
  for (const char* path : {"r.csv.zst", "r.csv.xz", "r.csv.bz2"})
    EXPECT_THAT(refusal({"stats", "a", "-o", path}), HasSubstr("results are written uncompressed; name r.csv and"));
}

TEST(tool_usage, a_timeout_needs_processes) {
  for (const char* engine : {"serial", "threads"})
    EXPECT_EQ(refusal({"stats", "a", "--timeout", "1", "--engine", engine}),
              std::string("tequio: --timeout: only a process can be ended, and the engine is ") + engine +
                  "; leave out --engine or --timeout\n");
}

TEST(tool_usage, sources_that_name_nothing_are_refused_before_the_job) {
  const scratch_folder folder;
  const std::string empty = folder.write("list.txt", "# nothing\n");
  EXPECT_EQ(refusal({"stats", ""}), "tequio: '': names no file; check the variable it comes from\n");
  EXPECT_EQ(refusal({"stats", "@" + empty}), "tequio: @" + empty + ": names no file; write one per line\n");
  EXPECT_THAT(refusal({"stats", "@/nowhere/list"}), HasSubstr("@/nowhere/list: cannot be opened"));
  EXPECT_THAT(refusal({"stats", "/nowhere/*.npy"}), HasSubstr("no file matches; check the folder and the pattern"));
  EXPECT_THAT(refusal({"stats", "f_{1..}.npy"}), HasSubstr("write a range as {01..32}"));
  EXPECT_THAT(refusal({"stats", "f_{1..2.npy"}), HasSubstr("a brace is opened and not closed"));
}

TEST(tool_usage, help_shows_an_example_first_and_succeeds) {
  for (const words& command : {words{}, {"stats"}, {"query"}, {"make"}, {"make", "npy"}, {"make", "census"}, {"cpu"}}) {
    words arguments = command;
    arguments.push_back("--help");
    const tool_result run = run_tool(arguments);
    std::string name = "tequio";
    for (const std::string& word : command) name += " " + word;
    EXPECT_EQ(run.exit_code, 0) << name;
    EXPECT_EQ(run.err, "") << name;
    const auto example = run.out.find("\n  " + name);
    ASSERT_NE(example, std::string::npos) << run.out;
    EXPECT_LT(example, run.out.find("Usage: " + name)) << run.out;
    // words of the parser's own help
    for (const char* word : {" TEXT ", "INT", "FLOAT", "REQUIRED", " in ["}) EXPECT_THAT(run.out, Not(HasSubstr(word)));
  }
}

TEST(tool_usage, help_wins_over_what_is_missing) { EXPECT_EQ(run_tool({"query", "--help"}).exit_code, 0); }

TEST(tool_usage, version_is_one_line) {
  const tool_result run = run_tool({"--version"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.out, MatchesRegex("tequio [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST(tool_usage, cpu_says_how_many_workers_and_why) {
  const tool_result run = run_tool({"cpu"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(lines_of(run.out).back(), MatchesRegex("[0-9]+ workers?: the process may run on .*"));
  EXPECT_EQ(lines_of(run_tool({"cpu"}, {.environment = {"TEQUIO_WORKERS=3"}}).out).back(),
            "3 workers: TEQUIO_WORKERS says so");
}

TEST(tool_usage, a_wrong_number_of_workers_in_the_environment_is_refused) {
  const tool_result run = run_tool({"stats", "a.npy"}, {.environment = {"TEQUIO_WORKERS=many"}});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_EQ(run.err,
            "tequio: TEQUIO_WORKERS: \"many\" is not a number of workers; set it to a whole number from 1 to 65536, or "
            "unset it\n");
}

}  // namespace
}  // namespace tequio::test
