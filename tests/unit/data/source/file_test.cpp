// SPDX-License-Identifier: MIT
#include "tequio/data/file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>

#include "support/files/read_all.hpp"
#include "support/files/scratch_folder.hpp"
#include "support/open_descriptors.hpp"

namespace {

using tequio::data::make_source;
using tequio::data::open_file;
using tequio::test::message_of;
using tequio::test::scratch_folder;

std::string problem_with(const std::string& path) {
  return message_of([&] { (void)open_file(make_source(path)); });
}

TEST(file, what_is_no_regular_file_is_refused_by_name) {
  const scratch_folder folder;
  const std::string pipe = folder.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(problem_with("/nowhere/a"), "/nowhere/a: cannot be opened: No such file or directory; check the path");
  EXPECT_EQ(problem_with("/tmp"), "/tmp: is a folder, not a file; name the files in it, for example with /*");
  EXPECT_EQ(problem_with(pipe), pipe + ": is a pipe, not a file; store its content in a file first");
  EXPECT_EQ(problem_with("/dev/zero"), "/dev/zero: is a device, not a file; store its content in a file first");
}

TEST(file, other_schemes_are_refused_by_name) {
  EXPECT_EQ(problem_with("file:///etc/passwd"),
            "file:///etc/passwd: addresses of file:// are not supported; give the path alone");
  EXPECT_EQ(
      problem_with("ftp://host/a"),
      "ftp://host/a: addresses of ftp:// are not supported; use http:// or https://, or store it in a file first");
}

TEST(file, errors_leave_no_descriptor_open) {
  const auto before = tequio::test::open_descriptors();
  (void)problem_with("/tmp");
  (void)problem_with("/dev/zero");
  EXPECT_EQ(tequio::test::open_descriptors(), before);
}

TEST(file, one_that_shrinks_while_it_is_read_says_so) {
  const scratch_folder folder;
  const std::string path = folder.write("a", "0123456789");
  const auto file = open_file(make_source(path));
  std::filesystem::resize_file(path, 4);
  std::array<std::byte, 10> bytes{};
  EXPECT_EQ(message_of([&] { file.read_at(bytes, 0); }),
            path + ": ended at byte 4, it had 10 when opened; do not change files while they are read");
}

TEST(file, reads_at_any_place_and_ends_at_its_end) {
  const scratch_folder folder;
  const auto file = open_file(make_source(folder.write("a", "0123456789")));
  std::array<std::byte, 4> bytes{};
  EXPECT_EQ(file.size(), 10U);
  EXPECT_EQ(file.read_at(bytes, 8), 2U);
  EXPECT_EQ(bytes[1], std::byte{'9'});
  EXPECT_EQ(file.read_at(bytes, 10), 0U);
  EXPECT_EQ(file.read_at(bytes, ~std::uint64_t{0}), 0U);
}

TEST(file, read_forward_gives_it_all) {
  const scratch_folder folder;
  const auto all = read_forward(open_file(make_source(folder.write("a", "0123456789"))));
  EXPECT_EQ(tequio::test::read_all(*all, 3), "0123456789");
}

}  // namespace
