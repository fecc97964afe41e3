// SPDX-License-Identifier: MIT
#include "tequio/error.hpp"

#include <gtest/gtest.h>

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

}  // namespace
