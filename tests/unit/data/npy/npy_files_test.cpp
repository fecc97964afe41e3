// SPDX-License-Identifier: MIT
// Every .npy and .npz file of the shared test data, of several writers and damaged, against what its expected.tsv says.
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "support/files/shared_data.hpp"
#include "tequio/data/format_error.hpp"
#include "tequio/data/npy.hpp"
#include "tequio/data/stats.hpp"
#include "tequio/data/zip.hpp"

namespace {

using namespace tequio::data;

using row = std::map<std::string, std::string>;

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> parts;
  std::istringstream stream(line);
  for (std::string part; std::getline(stream, part, '\t');) parts.push_back(part);
  return parts;
}

std::vector<row> expected_rows(const std::filesystem::path& folder) {
  std::ifstream table(folder / "expected.tsv");
  std::string line;
  std::getline(table, line);
  const auto names = split(line);
  std::vector<row> rows;
  while (std::getline(table, line)) {
    const auto parts = split(line);
    row& added = rows.emplace_back();
    for (std::size_t index = 0; index < parts.size(); ++index) added[names[index]] = parts[index];
  }
  return rows;
}

/// The first 16 digits of the sha256, by coreutils.
std::string digest(std::span<const std::byte> bytes) {
  const auto path = std::filesystem::temp_directory_path() / ("tequio_digest_" + std::to_string(::getpid()));
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  std::array<char, 17> digits{};
  std::FILE* const pipe = ::popen(("sha256sum < " + path.string()).c_str(), "r");
  if (pipe == nullptr || std::fread(digits.data(), 1, 16, pipe) != 16) return "no sha256sum";
  ::pclose(pipe);
  std::filesystem::remove(path);
  return digits.data();
}

std::string python_shape(const npy_shape& shape) {
  std::string text = "(";
  for (const auto length : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(length);
  return text + (shape.size() == 1 ? ",)" : ")");
}

/// What we refuse on purpose though NumPy 1.24 loads it.
bool stricter_than_numpy(const std::string& path) { return path == "generated/odd_shape_negative.npy"; }

std::string refusal(const std::string& name, const auto& open) {
  try {
    open();
  } catch (const format_error& failure) {
    EXPECT_EQ(failure.object(), name);
    EXPECT_FALSE(failure.cure().empty());
    return failure.what();
  }
  return "accepted";
}

std::string refusal(npy_reader& reader, const std::string& path) {
  return refusal(path, [&] { reader.open(path); });
}

void expect_content(npy_reader& reader, const row& expected) {
  const npy_header& header = reader.header();
  EXPECT_EQ(header.type.descriptor, expected.at("descr"));
  EXPECT_EQ(python_shape(header.shape), expected.at("shape"));
  EXPECT_TRUE(expected.at("order") != "F" || header.order == memory_order::fortran);
  EXPECT_EQ(digest(values_in_c_order(reader)), expected.at("sha256_16_of_C_order_bytes"));
  EXPECT_TRUE(!is_numeric(header.type) || summarize(reader).count == header.count);
}

TEST(npy_files, are_what_expected_tsv_says) {
  TEQUIO_NEEDS_SHARED_DATA();
  const auto folder = tequio::test::shared_data() / "npy";
  npy_reader whole, piecewise({.window_bytes = 10});
  int files = 0;
  for (const row& expected : expected_rows(folder)) {
    const std::string& name = expected.at("path");
    if (!name.ends_with(".npy")) continue;
    SCOPED_TRACE(name);
    ++files;
    for (npy_reader* reader : {&whole, &piecewise}) {
      const std::string path = (folder / name).string();
      if (expected.at("numpy_load_1_24_2") == "loads" && !stricter_than_numpy(name)) {
        EXPECT_EQ(std::to_string(reader->open(path).version) + ".0", expected.at("format_version"));
        expect_content(*reader, expected);
      } else {
        EXPECT_NE(refusal(*reader, path), "accepted");
      }
    }
  }
  EXPECT_GE(files, 60);
}

/// Opens the member `name`.npy of the archive.
void open_member(npy_reader& reader, const std::string& path, const std::string& name) {
  const zip_archive archive(open_file(make_source(path)));
  const auto members = archive.members();
  for (std::size_t index = 0; index < members.size(); ++index)
    if (members[index].name == name + ".npy") {
      const auto stream = archive.open(index);
      reader.open(*stream);
      return;
    }
  FAIL() << "no member " << name;
}

TEST(npy_files, in_npz_archives_are_what_expected_tsv_says) {
  TEQUIO_NEEDS_SHARED_DATA();
  const auto folder = tequio::test::shared_data() / "npy";
  npy_reader reader;
  int members = 0;
  for (const row& expected : expected_rows(folder)) {
    const std::string path = (folder / expected.at("path")).string(), member = expected.at("member");
    if (!path.ends_with(".npz")) continue;
    SCOPED_TRACE(path + ":" + member);
    ++members;
    if (expected.at("numpy_load_1_24_2") != "loads") {
      EXPECT_NE(refusal(path + ":" + member + ".npy", [&] { open_member(reader, path, member); }).find("pickle"),
                std::string::npos);
      continue;
    }
    open_member(reader, path, member);
    expect_content(reader, expected);
  }
  EXPECT_GE(members, 6);
}

TEST(npy_files, with_objects_are_refused_with_the_word_pickle) {
  TEQUIO_NEEDS_SHARED_DATA();
  const auto folder = tequio::test::shared_data() / "npy";
  npy_reader reader;
  for (const char* name : {"generated/object_pickle.npy", "numpy/py2-objarr.npy", "numpy/py3-objarr.npy"})
    EXPECT_NE(refusal(reader, (folder / name).string()).find("pickle"), std::string::npos);
}

TEST(npy_files, with_a_long_header_load_when_it_is_believed) {
  TEQUIO_NEEDS_SHARED_DATA();
  const std::string path = (tequio::test::shared_data() / "npy/generated/v2_long_header.npy").string();
  npy_reader reader({.header_characters = 100'000});
  EXPECT_EQ(reader.open(path).type.kind, dtype_kind::record);
  EXPECT_EQ(values_in_c_order(reader).size(), reader.header().data_bytes);
}

}  // namespace
