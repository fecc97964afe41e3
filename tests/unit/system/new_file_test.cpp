// SPDX-License-Identifier: MIT
#include "tequio/new_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/files/scratch_folder.hpp"
#include "tequio/error.hpp"

namespace {

namespace fs = std::filesystem;

TEST(new_file, what_is_no_file_is_not_replaced) {
  const tequio::test::scratch_folder folder;
  const fs::path pipe = folder.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THROW(tequio::new_file{pipe}, tequio::error);
  EXPECT_TRUE(fs::is_fifo(pipe));
}

}  // namespace
