// SPDX-License-Identifier: MIT
// How the statistics job reaches its workers; what it answers is tested through the tool.
#include "tequio/jobs/stats.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "support/files/npy_file.hpp"
#include "support/files/scratch_folder.hpp"
#include "support/workers/sending_engine.hpp"

namespace tequio::test {
namespace {

TEST(stats_job, options_can_be_sent_to_workers_that_have_none) {
  const scratch_folder folder;
  const std::vector<double> values(20'000, 0.1);
  const auto sources = data::expand_sources(std::vector{folder.write("a.npy", npy_file({20'000}, values))});
  any_engine far{sending_engine(std::make_unique<detail::core_of<serial>>(serial()))};
  any_engine near{serial()};
  for (const data::numpy_rule rule : {data::numpy_rule::since_2_3, data::numpy_rule::until_2_2}) {
    const jobs::stats_report report = jobs::stats(far, sources, {.numpy = rule});
    ASSERT_THAT(report.failures, ::testing::IsEmpty());
    EXPECT_EQ(report.total.sum, jobs::stats(near, sources, {.numpy = rule}).total.sum);
  }
  EXPECT_NE(jobs::stats(near, sources, {.numpy = data::numpy_rule::since_2_3}).total.sum,
            jobs::stats(near, sources, {.numpy = data::numpy_rule::until_2_2}).total.sum);
}

}  // namespace
}  // namespace tequio::test
