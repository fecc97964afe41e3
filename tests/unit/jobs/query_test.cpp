// SPDX-License-Identifier: MIT
// How the query job shares its tables out among the workers.
#include "tequio/jobs/query.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "support/files/scratch_folder.hpp"
#include "support/net/http_server.hpp"
#include "support/workers/sending_engine.hpp"

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

TEST(query_job, condition_and_options_can_be_sent_to_workers_that_have_neither) {
  const scratch_folder folder;
  const std::string path = folder.write("table.csv", "N;M\n1;*\n2;3\n");
  any_engine crew{sending_engine(std::make_unique<detail::core_of<serial>>(serial()))};
  const auto sources = data::expand_sources(std::vector{path});
  jobs::query_options options;
  options.filter.csv.delimiter = ';';
  options.filter.missing = {"*"};
  const jobs::query_report report = jobs::query(crew, sources, data::query("M > @low", {{"low", "2"}}), options);
  ASSERT_THAT(report.failures, ::testing::IsEmpty());
  EXPECT_EQ(report.tables.at(0).rows, "2,3\n");
}

}  // namespace
}  // namespace tequio::test
