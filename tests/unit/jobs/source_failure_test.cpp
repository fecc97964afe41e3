// SPDX-License-Identifier: MIT
#include "tequio/jobs/source_failure.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "tequio/serial.hpp"

namespace {

using testing::ElementsAre;

struct page {
  std::string label{};
  int number = 0;
};

TEST(source_failure, split_hands_out_values_and_labels_the_items_without_one) {
  const std::vector<page> pages{{"a", 1}, {"b", -2}, {"c", 3}, {"d", -4}};
  const auto checked = [](const page& from) {
    if (from.number < 0) throw std::out_of_range(from.label + " is negative");
    return from.number;
  };
  std::vector<int> values;
  std::vector<tequio::jobs::source_failure> failures{{.label = "before"}};
  tequio::jobs::split(tequio::serial().try_map(pages, checked), pages, &page::label, failures,
                      [&](int value) { values.push_back(value); });
  EXPECT_THAT(values, ElementsAre(1, 3));
  ASSERT_EQ(failures.size(), 3U);
  EXPECT_EQ(failures[0].label, "before");
  EXPECT_EQ(failures[1].label, "b");
  EXPECT_THAT(failures[1].message(), testing::HasSubstr("b is negative"));
  EXPECT_EQ(failures[2].label, "d");
}

}  // namespace
