// SPDX-License-Identifier: MIT
// Code that must not compile, and say why in words: each file of tests/refused is compiled once. Each of its lines
// "// says: WORDS" must be among what the compiler says, which is one error for each of them, and no page of notes.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> refused_files() {
  std::vector<fs::path> files;
  for (const auto& file : fs::directory_iterator(TEQUIO_SOURCE_DIR "/tests/refused"))
    if (file.path().extension() == ".cpp") files.push_back(file.path());
  return files;
}

/// What the compiler says of a file; nothing where it has nothing against it.
std::string compile(const fs::path& file) {
  const std::string command =
      std::string("LC_ALL=C " TEQUIO_COMPILER " -std=c++20 -fsyntax-only -Werror=unused-result -I " TEQUIO_SOURCE_DIR
                  "/include -I " TEQUIO_SOURCE_DIR "/tests ") +
      file.string() + " 2>&1";
  std::string said;
  std::FILE* const pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return said;
  char buffer[4096];
  while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, pipe)) said.append(buffer, count);
  if (::pclose(pipe) == 0) said.clear();
  return said;
}

std::ptrdiff_t count_in(const std::string& text, const std::string& words) {
  std::ptrdiff_t count = 0;
  for (std::size_t at = text.find(words); at != text.npos; at = text.find(words, at + 1)) ++count;
  return count;
}

class refused_code : public testing::TestWithParam<fs::path> {};

INSTANTIATE_TEST_SUITE_P(all, refused_code, testing::ValuesIn(refused_files()),
                         [](const auto& test) { return test.param.stem().string(); });

TEST_P(refused_code, is_refused_in_words) {
  const std::string said = compile(GetParam());
  ASSERT_NE(said, "") << "it compiles";
  std::ifstream file(GetParam());
  const std::string mark = "// says: ";
  std::ptrdiff_t cases = 0;
  for (std::string line; std::getline(file, line);) {
    const std::size_t start = line.find(mark);
    if (start == line.npos) continue;
    ++cases;
    EXPECT_NE(said.find(line.substr(start + mark.size())), said.npos) << line;
  }
  EXPECT_GT(cases, 0);
  EXPECT_EQ(count_in(said, " error: "), cases) << "an error follows from another, or one is not said";
  EXPECT_LE(count_in(said, "\n"), 15 * cases);
  if (HasFailure()) std::fprintf(stderr, "%s", said.c_str());
}

}  // namespace
