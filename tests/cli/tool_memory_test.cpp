// SPDX-License-Identifier: MIT
// The memory of the tool: all 32 states, 150 MB of text, within 64 MB. For the optimised build only.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <string>

#include "support/files/folder_content.hpp"
#include "support/files/scratch_folder.hpp"
#include "support/tool/run_tool.hpp"

namespace tequio::test {
namespace {

constexpr std::uint64_t most_bytes = std::uint64_t{64} << 20;

/// Memory of a process, with its share of shared pages (PSS); 0 when it has ended.
std::uint64_t proportional_bytes(pid_t process) {
  std::ifstream rollup("/proc/" + std::to_string(process) + "/smaps_rollup");
  for (std::string line; std::getline(rollup, line);)
    if (line.starts_with("Pss:")) return std::stoull(line.substr(4)) * 1024;
  return 0;
}

TEST(tool_memory, a_query_over_all_states_stays_under_64_megabytes) {
#ifndef NDEBUG
  GTEST_SKIP() << "a debug build is not what users run";
#endif
  const scratch_folder folder;
  ASSERT_EQ(run_tool({"make", "census", folder.path()}).exit_code, 0);
  tool_process tool({"query", "-w", "MUN == 0 and LOC == 0", "ITER_*.zip", "-o", "out.csv"}, {.folder = folder.path()});
  std::uint64_t most_together = 0;
  while (!tool.ended()) {
    std::uint64_t together = proportional_bytes(tool.pid());
    for (const pid_t worker : tool.workers()) together += proportional_bytes(worker);
    most_together = std::max(most_together, together);
  }
  const tool_result run = tool.wait();
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(lines_of(content_of(folder.path() / "out.csv")).size(), 33U);
  RecordProperty("largest_process_bytes", std::to_string(run.peak_memory_bytes));
  RecordProperty("all_processes_bytes", std::to_string(most_together));
  EXPECT_LT(run.peak_memory_bytes, most_bytes);
  EXPECT_LT(most_together, most_bytes);
}

}  // namespace
}  // namespace tequio::test
