// SPDX-License-Identifier: MIT
#include "tequio/data/npy_writer.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tequio/error.hpp"

namespace {

using tequio::data::npy_preamble;
using tequio::data::write_npy;

class npy_writer : public testing::Test {
 protected:
  std::string m_path =
      (std::filesystem::temp_directory_path() / ("tequio_npy_writer_" + std::to_string(::getpid()) + ".npy")).string();

  void TearDown() override { std::filesystem::remove(m_path); }

  std::string written() const {
    std::ifstream file(m_path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
};

std::string refusal(auto&& call) {
  try {
    call();
  } catch (const tequio::error& failure) {
    return failure.what();
  }
  return "accepted";
}

TEST_F(npy_writer, refuses_a_shape_of_another_count) {
  const std::vector<double> values(6);
  EXPECT_EQ(
      refusal([&] {
        write_npy(m_path, values, {2, 2});
      }),
      m_path + ": 6 values do not make an array of shape (2, 2); give a shape whose product is the number of values");
  EXPECT_FALSE(std::filesystem::exists(m_path)) << "nothing is created for what cannot be written";
}

TEST_F(npy_writer, refuses_a_shape_whose_product_wraps_to_the_count) {
  const std::vector<double> none;
  EXPECT_NE(refusal([&] { write_npy(m_path, none, {1ULL << 32U, 1ULL << 32U}); }), "accepted");
}

TEST_F(npy_writer, refuses_more_than_64_axes) {
  EXPECT_EQ(refusal([] { (void)npy_preamble("<f8", std::vector<std::uint64_t>(65, 1)); }),
            "a .npy file of 65 axes; use at most 64");
}

TEST_F(npy_writer, names_the_folder_that_is_missing) {
  const std::array<double, 1> one{};
  EXPECT_EQ(refusal([&] { write_npy("/nowhere/a.npy", one, {1}); }),
            "/nowhere/a.npy: cannot be created: No such file or directory");
}

TEST_F(npy_writer, starts_data_at_a_multiple_of_64) {
  for (std::size_t axes = 0; axes <= 64; ++axes) {
    const std::string preamble = npy_preamble("<f8", std::vector<std::uint64_t>(axes, 1));
    EXPECT_EQ(preamble.size() % 64, 0U) << axes << " axes";
    EXPECT_EQ(preamble.back(), '\n');
    const auto length = static_cast<unsigned char>(preamble[8]) + 256U * static_cast<unsigned char>(preamble[9]);
    EXPECT_EQ(length + 10U, preamble.size());
  }
}

TEST_F(npy_writer, writes_what_numpy_writes) {
  const std::array<std::int16_t, 3> values{1, -2, 3};
  write_npy(m_path, values, {3});
  std::string expected("\x93NUMPY\x01\x00\x76\x00{'descr': '<i2', 'fortran_order': False, 'shape': (3,), }", 67);
  expected.append(127 - expected.size(), ' ');
  expected += '\n';
  expected.append("\x01\x00\xfe\xff\x03\x00", 6);
  EXPECT_EQ(written(), expected);
}

TEST_F(npy_writer, names_each_type_as_numpy_does) {
  using namespace tequio::data;
  EXPECT_EQ(npy_descriptor<bool>(), "|b1");
  EXPECT_EQ(npy_descriptor<char>(), "|i1");
  EXPECT_EQ(npy_descriptor<std::uint8_t>(), "|u1");
  EXPECT_EQ(npy_descriptor<std::uint64_t>(), "<u8");
  EXPECT_EQ(npy_descriptor<float>(), "<f4");
  EXPECT_EQ(npy_descriptor<std::complex<double>>(), "<c16");
}

TEST_F(npy_writer, replaces_a_longer_file_and_writes_an_empty_array) {
  write_npy(m_path, std::vector<double>(100), {100});
  write_npy(m_path, std::vector<double>(), {3, 0, 2});
  EXPECT_EQ(written(), npy_preamble("<f8", {3, 0, 2}));
}

}  // namespace
