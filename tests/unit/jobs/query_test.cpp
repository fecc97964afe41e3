// SPDX-License-Identifier: MIT
// How the query job shares its tables out among the workers.
#include "tequio/jobs/query.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "support/files/scratch_folder.hpp"
#include "support/net/http_server.hpp"

namespace tequio::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* table = "N\n1\n";

TEST(query_job, hands_out_one_table_at_a_time_unless_told_otherwise) {
  const scratch_folder gate;
  const fs::path opened = gate.path() / "opened";
  // the first table is sent once the second is asked for, which another worker does
  const http_server server({{"/first.csv",
                             [opened](http_exchange& exchange) {
                               for (int looks = 0; !fs::exists(opened) && looks < 5000; ++looks) ::usleep(1000);
                               if (!fs::exists(opened)) return exchange.send_status("404 Not Found");
                               exchange.send_page(table);
                             }},
                            {"/second.csv", [gate = gate.path()](http_exchange& exchange) {
                               fs::create_directory(gate / "opened");
                               exchange.send_page(table);
                             }}});
  // enough tables for a guided share to begin with several
  const std::string other = gate.write("other.csv", table);
  std::vector<std::string> words{server.url("/first.csv"), server.url("/second.csv")};
  words.resize(200, other);
  const auto sources = data::expand_sources(words);
  any_engine crew{threads(2)};
  const jobs::query_report report = jobs::query(crew, sources, data::query("N == 1"));
  EXPECT_EQ(report.tables.size(), sources.size());
  EXPECT_THAT(report.failures, ::testing::IsEmpty());
}

}  // namespace
}  // namespace tequio::test
