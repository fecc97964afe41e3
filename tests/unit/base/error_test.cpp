// SPDX-License-Identifier: MIT
#include "tequio/error.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

TEST(error, message_names_object_problem_system_code_and_cure) {
  const tequio::error failure({.object = "runs/a.npy",
                               .problem = "cannot be opened",
                               .cure = "check its permissions",
                               .code = std::make_error_code(std::errc::permission_denied)});
  EXPECT_STREQ(failure.what(), "runs/a.npy: cannot be opened: Permission denied; check its permissions");
}

TEST(error, empty_parts_leave_no_separator) {
  EXPECT_STREQ(tequio::error({.problem = "no workers"}).what(), "no workers");
}

std::string option_words(const tequio::hint& given) { return "with an option for " + given.value; }

TEST(error, hint_ends_the_message_and_can_be_said_in_other_words) {
  const tequio::error failure(
      {.object = "query", .problem = "no variable @x", .hint = {tequio::hint_kind::variable, "x"}});
  EXPECT_STREQ(failure.what(), "query: no variable @x; give x a value in query_variables");
  EXPECT_EQ(tequio::reworded(failure.what(), failure.hint(), option_words),
            "query: no variable @x; with an option for x");
}

TEST(error, hint_follows_the_cure) {
  EXPECT_STREQ(tequio::error({.cure = "correct it", .hint = {tequio::hint_kind::lenient}}).what(),
               "correct it; or set filter_options::on_mismatch to no_match");
}

TEST(error, message_without_the_words_of_its_hint_stays_as_it_is) {
  EXPECT_EQ(tequio::reworded("cut off", {tequio::hint_kind::lenient}, option_words), "cut off");
  EXPECT_EQ(tequio::reworded("no hint", {}, option_words), "no hint");
}

}  // namespace
