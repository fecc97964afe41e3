// SPDX-License-Identifier: MIT
#include "tequio/data/source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <vector>

#include "support/files/read_all.hpp"
#include "support/files/scratch_folder.hpp"
#include "support/open_descriptors.hpp"

namespace {

using tequio::data::expand_sources;
using tequio::test::message_of;
using tequio::test::scratch_folder;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> addresses_of(const std::vector<std::string>& words) {
  std::vector<std::string> addresses;
  for (const auto& source : expand_sources(words)) addresses.push_back(source.address);
  return addresses;
}

std::string problem_with(const std::string& word) {
  return message_of([&] { (void)addresses_of({word}); });
}

/// What the words give in `folder`, as paths below it.
std::vector<std::string> names_in(const scratch_folder& folder, const std::string& pattern) {
  std::vector<std::string> names;
  for (const std::string& address : addresses_of({folder.path() / pattern}))
    names.push_back(std::filesystem::path(address).lexically_relative(folder.path()));
  return names;
}

TEST(source, glob_without_match_is_named) {
  EXPECT_EQ(problem_with("/nowhere/*.npy"), "/nowhere/*.npy: no file matches; check the folder and the pattern");
}

TEST(source, range_without_end_is_named_with_the_cure) {
  EXPECT_EQ(problem_with("a_{01..32.zip"),
            "a_{01..32.zip: a brace is opened and not closed; write a range as {01..32} or a list as {a,b,c}");
}

TEST(source, range_of_words_is_refused) {
  EXPECT_THAT(problem_with("a_{x..z}"), HasSubstr("the ends of a range are whole numbers"));
  EXPECT_THAT(problem_with("a_{1..}"), HasSubstr("the ends of a range are whole numbers"));
  EXPECT_THAT(problem_with("a_{-1..3}"), HasSubstr("the ends of a range are whole numbers"));
  EXPECT_THAT(problem_with("a_{1..99999999999999999999999}"), HasSubstr("the ends of a range are whole numbers"));
}

TEST(source, single_word_in_braces_is_refused) {
  EXPECT_THAT(problem_with("a_{x}"), HasSubstr("{x} is neither a range nor a list"));
  EXPECT_THAT(problem_with("a_{{1..2},3}"), HasSubstr("braces stand inside braces"));
}

TEST(source, absurd_ranges_are_refused_before_they_are_made) {
  EXPECT_THAT(problem_with("a_{1..1000001}"), HasSubstr("more than 1,000,000 names"));
  EXPECT_THAT(problem_with("a_{0..18446744073709551615}"), HasSubstr("more than 1,000,000 names"));
  EXPECT_THAT(problem_with("{1..2000}{1..2000}"), HasSubstr("a pattern for more than 1,000,000 names"));
}

TEST(source, missing_list_is_named) {
  EXPECT_EQ(problem_with("@/nowhere/list"),
            "@/nowhere/list: cannot be opened: No such file or directory; check the path");
}

TEST(source, folder_as_list_is_named) {
  EXPECT_THAT(problem_with("@/tmp"), HasSubstr("@/tmp: is a folder, not a file"));
}

TEST(source, errors_leave_no_descriptor_open) {
  const auto before = tequio::test::open_descriptors();
  (void)problem_with("@/tmp");
  (void)problem_with("/tmp/*/nothing*here");
  EXPECT_EQ(tequio::test::open_descriptors(), before);
}

TEST(source, plain_path_needs_not_exist) {
  EXPECT_THAT(addresses_of({"no/such.npy", "b"}), ElementsAre("no/such.npy", "b"));
}

TEST(source, ranges_are_as_wide_as_written) {
  EXPECT_THAT(addresses_of({"a_{08..11}.zip"}), ElementsAre("a_08.zip", "a_09.zip", "a_10.zip", "a_11.zip"));
  EXPECT_THAT(addresses_of({"a_{8..11}"}), ElementsAre("a_8", "a_9", "a_10", "a_11"));
  EXPECT_THAT(addresses_of({"a_{1..003}"}), ElementsAre("a_001", "a_002", "a_003"));
  EXPECT_THAT(addresses_of({"a_{2..0}"}), ElementsAre("a_2", "a_1", "a_0"));
}

TEST(source, several_braces_vary_the_last_fastest) {
  EXPECT_THAT(addresses_of({"{a,b}{1..2}"}), ElementsAre("a1", "a2", "b1", "b2"));
  EXPECT_THAT(addresses_of({"x{,.bak}"}), ElementsAre("x", "x.bak"));
}

TEST(source, braces_work_in_urls) {
  EXPECT_THAT(addresses_of({"https://host/ITER_{01..02}_csv.zip?a=*"}),
              ElementsAre("https://host/ITER_01_csv.zip?a=*", "https://host/ITER_02_csv.zip?a=*"));
}

TEST(source, labels_of_urls_hide_user_and_password) {
  const auto label = [](const std::string& url) { return tequio::data::make_source(url).label; };
  EXPECT_EQ(label("https://ana:secret@host:8080/a@b?c=d@e"), "https://host:8080/a@b?c=d@e");
  EXPECT_EQ(label("https://ana:se@cret@host"), "https://host");
  EXPECT_EQ(label("https://host/a@b"), "https://host/a@b");
  EXPECT_EQ(label("HTTP://ana@host"), "HTTP://host");
  EXPECT_EQ(label("ana@host"), "ana@host");
}

TEST(source, globs_sort_naturally) {
  const scratch_folder folder;
  for (const char* name : {"file_10.npy", "file_2.npy", "file_1.npy", "file_02.npy", "other.txt", ".file_3.npy"})
    folder.write(name, "");
  EXPECT_THAT(names_in(folder, "file_*.npy"), ElementsAre("file_1.npy", "file_02.npy", "file_2.npy", "file_10.npy"));
  EXPECT_THAT(names_in(folder, "file_[12]*.npy"), ElementsAre("file_1.npy", "file_2.npy", "file_10.npy"));
  EXPECT_THAT(names_in(folder, "file_?.npy"), ElementsAre("file_1.npy", "file_2.npy"));
}

TEST(source, globs_match_folders_on_the_way) {
  const scratch_folder folder;
  for (const char* name : {"run-1/a.npy", "run/2/b.npy", "run/10/a.npy", "run/10/deep/a.npy"}) folder.write(name, "");
  EXPECT_THAT(names_in(folder, "run/**"), ElementsAre("run/2/b.npy", "run/10/a.npy", "run/10/deep/a.npy"));
  EXPECT_THAT(names_in(folder, "run/*/a.npy"), ElementsAre("run/10/a.npy"));
  EXPECT_THAT(names_in(folder, "**/*.npy"),
              ElementsAre("run/2/b.npy", "run/10/a.npy", "run/10/deep/a.npy", "run-1/a.npy"));
  EXPECT_THAT(names_in(folder, "run/**/a.npy"), ElementsAre("run/10/a.npy", "run/10/deep/a.npy"));
}

TEST(source, braces_and_globs_combine) {
  const scratch_folder folder;
  for (const char* name : {"a1.npy", "a2.npy", "b1.npy"}) folder.write(name, "");
  EXPECT_THAT(names_in(folder, "{b,a}*.npy"), ElementsAre("b1.npy", "a1.npy", "a2.npy"));
}

TEST(source, existing_file_wins_over_the_pattern_it_looks_like) {
  const scratch_folder folder;
  folder.write("a[1].npy", "");
  folder.write("a1.npy", "");
  folder.write("b{1..2}.npy", "");
  EXPECT_THAT(names_in(folder, "a[1].npy"), ElementsAre("a[1].npy"));
  EXPECT_THAT(names_in(folder, "b{1..2}.npy"), ElementsAre("b{1..2}.npy"));
}

TEST(source, lists_skip_blank_lines_and_comments) {
  const scratch_folder folder;
  const std::string list =
      folder.write("list", "# files\n\none.npy\r\n  two words.npy \nhttp://host/#x\n\t\nlast_{1..2}");
  EXPECT_THAT(addresses_of({"before", "@" + list, "after"}),
              ElementsAre("before", "one.npy", "two words.npy", "http://host/#x", "last_1", "last_2", "after"));
}

TEST(source, empty_list_gives_nothing) {
  const scratch_folder folder;
  EXPECT_THAT(addresses_of({"@" + folder.write("list", "")}), ElementsAre());
}

TEST(source, is_named_by_the_path_of_a_url_and_by_the_whole_of_a_path) {
  using tequio::data::is_named;
  using tequio::data::make_source;
  EXPECT_TRUE(is_named(make_source("a.NPZ"), ".npz"));
  EXPECT_TRUE(is_named(make_source("http://host/a.npz?version=1#top"), ".npz"));
  EXPECT_FALSE(is_named(make_source("http://host/a?file=b.npz"), ".npz"));
  EXPECT_TRUE(is_named(make_source("a?b.npz"), ".npz"));  // a path, in which ? is a letter
  EXPECT_FALSE(is_named(make_source("a.npz?b"), ".npz"));
}

}  // namespace
