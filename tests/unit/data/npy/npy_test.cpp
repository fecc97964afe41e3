// SPDX-License-Identifier: MIT
#include "tequio/data/npy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <numeric>

#include "support/net/http_server.hpp"
#include "tequio/data/format_error.hpp"
#include "tequio/data/npy_writer.hpp"

namespace {

using namespace tequio::data;
using testing::HasSubstr;

/// Hands out its bytes in small portions, and says how much was taken.
class portions : public input {
 public:
  portions(std::string bytes, std::size_t portion) : m_bytes(std::move(bytes)), m_portion(portion) {}

  std::size_t read(std::span<std::byte> bytes) override {
    const std::size_t count = std::min({bytes.size(), m_portion, m_bytes.size() - m_taken});
    std::memcpy(bytes.data(), m_bytes.data() + m_taken, count);
    m_taken += count;
    return count;
  }
  const std::string& name() const noexcept override { return m_name; }
  std::size_t taken() const { return m_taken; }

 private:
  std::string m_name = "a.npz:x.npy";
  std::string m_bytes;
  std::size_t m_portion;
  std::size_t m_taken = 0;
};

class npy : public testing::Test {
 protected:
  std::filesystem::path m_folder =
      std::filesystem::temp_directory_path() / ("tequio_npy_" + std::to_string(::getpid()));
  std::string m_path = (m_folder / "a.npy").string();

  void SetUp() override { std::filesystem::create_directory(m_folder); }
  void TearDown() override { std::filesystem::remove_all(m_folder); }

  void write(const std::string& bytes) const { std::ofstream(m_path, std::ios::binary) << bytes; }

  /// A file of `count` doubles 0, 1, 2... as bytes.
  static std::string doubles(std::size_t count) {
    std::vector<double> values(count);
    std::iota(values.begin(), values.end(), 0.0);
    return npy_preamble("<f8", {count}) +
           std::string(reinterpret_cast<const char*>(values.data()), count * sizeof(double));
  }
  static std::vector<double> as_doubles(const std::vector<std::byte>& bytes) {
    std::vector<double> values(bytes.size() / sizeof(double));
    if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
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

TEST_F(npy, names_a_file_that_is_missing_a_folder_and_a_pipe) {
  npy_reader reader;
  EXPECT_EQ(refusal([&] { reader.open(m_path); }),
            m_path + ": cannot be opened: No such file or directory; check the path");
  EXPECT_EQ(refusal([&] { reader.open(m_folder.string()); }),
            m_folder.string() + ": is a folder, not a file; name the files in it, for example with /*");
  ASSERT_EQ(::mkfifo(m_path.c_str(), 0600), 0);
  EXPECT_EQ(refusal([&] { reader.open(m_path); }),
            m_path + ": is a pipe, not a file; store its content in a file first");
}

TEST_F(npy, page_of_a_server_is_read_in_pieces_as_a_file_is) {
  const tequio::test::http_server server({{"/a.npy", tequio::test::serve_page(doubles(200'000))}});
  npy_reader reader({.window_bytes = 100});
  EXPECT_EQ(reader.open(server.url("/a.npy")).count, 200'000U);
  EXPECT_EQ(reader.name(), server.url("/a.npy"));
  EXPECT_EQ(reader.next_piece().size(), npy_reader::piece_bytes);
  EXPECT_EQ(as_doubles(values_in_c_order(reader)).back(), 199'999.0);
}

TEST_F(npy, says_how_much_data_a_truncated_file_has) {
  for (const std::size_t window : {std::size_t{1} << 20U, std::size_t{100}}) {
    npy_reader reader({.window_bytes = window});
    const std::string whole = doubles(6);
    for (const std::size_t missing : {3U, 8U, 48U}) {
      write(whole.substr(0, whole.size() - missing));
      EXPECT_EQ(refusal([&] { reader.open(m_path); }), m_path + ": truncated: " + std::to_string(48 - missing) +
                                                           " of 48 bytes of data; copy or write the file again");
    }
  }
}

TEST_F(npy, is_empty_and_usable_after_an_error) {
  npy_reader reader;
  write(doubles(6).substr(0, 150));
  EXPECT_NE(refusal([&] { reader.open(m_path); }), "accepted");
  EXPECT_TRUE(reader.next_piece().empty());
  EXPECT_TRUE(values_in_c_order(reader).empty());
  write(doubles(6));
  reader.open(m_path);
  EXPECT_EQ(as_doubles(values_in_c_order(reader)).back(), 5.0);
}

TEST_F(npy, is_an_error_when_the_file_shrinks_while_it_is_read_in_pieces) {
  write(doubles(1'000'000));
  npy_reader reader({.window_bytes = 100});
  reader.open(m_path);
  EXPECT_FALSE(reader.next_piece().empty());
  std::filesystem::resize_file(m_path, 2'000'000);
  EXPECT_THAT(refusal([&] {
                while (!reader.next_piece().empty()) {
                }
              }),
              HasSubstr(": truncated while it was read: 1999872 of 8000000 bytes of data; let its writer finish"));
}

TEST_F(npy, allocates_nothing_for_a_claim) {
  const std::string claim = npy_preamble("<f8", {1ULL << 55U});
  write(claim + "12345678");
  npy_reader reader;
  EXPECT_THAT(refusal([&] { reader.open(m_path); }), HasSubstr("truncated: 8 of 288230376151711744 bytes of data"));
  portions stream(claim + "12345678", 5);
  EXPECT_THAT(refusal([&] { reader.open(stream); }),
              HasSubstr("a.npz:x.npy: truncated: 8 of 288230376151711744 bytes of data"));
}

TEST_F(npy, accepts_or_refuses_trailing_bytes_as_asked) {
  write(doubles(6) + "more");
  npy_reader accepting, refusing({.trailing = trailing_bytes::refuse});
  accepting.open(m_path);
  EXPECT_EQ(as_doubles(values_in_c_order(accepting)).size(), 6U);
  const std::string expected =
      ": 4 bytes after the array's data, from byte 176; write it again, or accept trailing bytes";
  EXPECT_EQ(refusal([&] { refusing.open(m_path); }), m_path + expected);
  portions stream(doubles(6) + "more", 7);
  EXPECT_EQ(refusal([&] { refusing.open(stream); }), "a.npz:x.npy" + expected);
}

TEST_F(npy, reads_a_stream_to_its_end_in_any_portions) {
  npy_reader reader;
  for (const std::size_t count : {0U, 1U, 6U, 20'000U}) {
    const std::string whole = doubles(count);
    for (const std::size_t portion : {1U, 100U, 70'000U, 10'000'000U}) {
      portions stream(whole + "trailing", portion);
      reader.open(stream);
      EXPECT_EQ(stream.taken(), whole.size() + 8) << "a member's checksum is compared at its end";
      const auto values = as_doubles(values_in_c_order(reader));
      ASSERT_EQ(values.size(), count);
      EXPECT_TRUE(values.empty() || values.back() == static_cast<double>(count - 1));
    }
  }
}

TEST_F(npy, cuts_pieces_where_asked_and_starts_again) {
  write(doubles(300'000));
  constexpr std::size_t most = npy_reader::piece_bytes / sizeof(double);
  for (const std::size_t window : {std::size_t{100}, std::size_t{16} << 20U}) {
    npy_reader reader({.window_bytes = window});
    reader.open(m_path);
    for (const std::size_t asked : {std::size_t{1000}, std::size_t{8192}, most}) {
      std::size_t next = 0;
      for (auto piece = reader.next_piece(asked); !piece.empty(); piece = reader.next_piece(asked)) {
        ASSERT_EQ(piece.size(), std::min(asked, 300'000 - next) * sizeof(double));
        double first = 0;
        std::memcpy(&first, piece.data(), sizeof first);
        ASSERT_EQ(first, static_cast<double>(next));
        next += piece.size() / sizeof(double);
      }
      EXPECT_EQ(next, 300'000U);
      reader.rewind();
    }
    EXPECT_EQ(reader.next_piece().size(), window == 100 ? npy_reader::piece_bytes : 300'000 * sizeof(double));
  }
}

TEST_F(npy, reads_one_file_after_another_through_the_same_memory) {
  npy_reader reader;
  write(doubles(1000));
  reader.open(m_path);
  const auto* const first = reader.next_piece().data();
  reader.open(m_path);
  EXPECT_EQ(reader.next_piece().data(), first);
}

TEST_F(npy, puts_fortran_order_into_c_order) {
  // the array [[0 1 2] [3 4 5]] as Fortran lays it
  const std::vector<double> columns{0, 3, 1, 4, 2, 5};
  std::string header = npy_preamble("<f8", {2, 3});
  header.replace(header.find("False"), 5, "True ");
  write(header + std::string(reinterpret_cast<const char*>(columns.data()), 48));
  npy_reader reader;
  EXPECT_EQ(reader.open(m_path).order, memory_order::fortran);
  EXPECT_EQ(as_doubles(values_in_c_order(reader)), (std::vector<double>{0, 1, 2, 3, 4, 5}));
}

TEST_F(npy, survives_every_cut_and_every_changed_byte_of_a_file) {
  const std::string whole = doubles(3);
  npy_reader reader, piecewise({.window_bytes = 10});
  const auto survives = [&](const std::string& bytes) {
    write(bytes);
    for (npy_reader* each : {&reader, &piecewise}) {
      try {
        each->open(m_path);
        (void)values_in_c_order(*each);
      } catch (const tequio::error&) {
      }
    }
  };
  for (std::size_t at = 0; at < whole.size(); ++at) {
    survives(whole.substr(0, at));
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string changed = whole;
      changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ (1U << bit));
      survives(changed);
    }
  }
}

}  // namespace
