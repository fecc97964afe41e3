// SPDX-License-Identifier: MIT
// The tool under the limits that systems set: few descriptors, no further process.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "support/files/npy_file.hpp"
#include "support/files/scratch_folder.hpp"
#include "support/tool/run_tool.hpp"

namespace tequio::test {
namespace {

namespace fs = std::filesystem;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr unsigned nobody = 65534;

TEST(tool_limits, ten_thousand_files_need_few_descriptors) {
  const scratch_folder many;
  const std::string content = npy_file<double>({1}, {1});
  const std::string first = many.write("file_0.npy", content);
  for (int i = 1; i < 10'000; ++i) fs::create_hard_link(first, many.path() / ("file_" + std::to_string(i) + ".npy"));
  for (const char* engine : {"serial", "threads", "processes"}) {
    const tool_result run = run_tool({"stats", "*.npy", "--format", "csv", "--engine", engine, "-j", "4"},
                                     {.folder = many.path(), .before = [] {
                                        const rlimit few{64, 64};
                                        ::setrlimit(RLIMIT_NOFILE, &few);
                                      }});
    EXPECT_EQ(run.exit_code, 0) << engine;
    EXPECT_THAT(run.err, IsEmpty()) << engine;
    EXPECT_THAT(lines_of(run.out), SizeIs(10'001)) << engine;
  }
}

TEST(tool_limits, where_no_worker_can_be_started_the_job_could_not_run) {
  const scratch_folder folder;
  fs::permissions(folder.path(), fs::perms(0755));
  folder.write("a.npy", npy_file<double>({1}, {1}));
  const auto become_nobody = [] {
    if (::geteuid() == 0 && (::setgid(nobody) != 0 || ::setuid(nobody) != 0)) ::_exit(125);
  };
  if (run_tool({"--version"}, {.before = become_nobody}).exit_code != 0)
    GTEST_SKIP() << "nobody but root may run the tool here, and root has no limit";
  const auto without_children = [=] {
    become_nobody();
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_NPROC, &none);
  };
  // the leak check of a sanitizer starts a process of its own
  const tool_options limited{
      .folder = folder.path(), .environment = {"ASAN_OPTIONS=detect_leaks=0"}, .before = without_children};
  const tool_result run = run_tool({"stats", "a.npy"}, limited);
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(run.err,
            "tequio: processes: no worker could be started: Resource temporarily unavailable; raise `ulimit -u` and "
            "`ulimit -n`, free memory, or use fewer workers\n");
  EXPECT_EQ(run_tool({"stats", "a.npy", "--engine", "serial"}, limited).exit_code, 0);
}

}  // namespace
}  // namespace tequio::test
