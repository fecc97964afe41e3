// SPDX-License-Identifier: MIT
#include "tequio/data/inflate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>

#include "support/files/read_all.hpp"
#include "support/files/zip_builder.hpp"

namespace {

using tequio::data::deflate_format;
using tequio::test::deflated;
using tequio::test::gzipped;
using tequio::test::message_of;
using tequio::test::read_all;
using testing::HasSubstr;
using namespace std::string_literals;

/// Bytes of a string, at most `piece` at a time.
class text_input final : public tequio::data::input {
 public:
  explicit text_input(std::string text, std::size_t piece = 1'000'000) : m_text(std::move(text)), m_piece(piece) {}
  std::size_t read(std::span<std::byte> bytes) override {
    const std::size_t count = std::min({bytes.size(), m_piece, m_text.size() - m_position});
    std::memcpy(bytes.data(), m_text.data() + m_position, count);
    m_position += count;
    return count;
  }
  const std::string& name() const noexcept override { return m_name; }

 private:
  std::string m_text;
  std::size_t m_piece;
  std::size_t m_position = 0;
  std::string m_name = "table.gz";
};

struct pieces {
  std::size_t in = 1'000'000;
  std::size_t out = 65'536;
};

std::string inflated(const std::string& compressed, deflate_format format, pieces sizes = {}) {
  const auto all = inflate(std::make_unique<text_input>(compressed, sizes.in), format);
  return read_all(*all, sizes.out);
}

std::string problem_with(const std::string& compressed, deflate_format format) {
  return message_of([&] { (void)inflated(compressed, format); });
}

/// Text of a kind that census tables are made of: digits, commas, some names again and again.
std::string census_like(std::size_t bytes, unsigned seed) {
  std::mt19937 random(seed);
  std::string text;
  while (text.size() < bytes) {
    text += random() % 9 == 0 ? "Total del Municipio,*," : std::to_string(random() % 100'000) + ',';
    if (random() % 40 == 0) text += "\r\n";
  }
  text.resize(bytes);
  return text;
}

TEST(inflate, data_cut_short_anywhere_say_so) {
  const std::string compressed = gzipped(census_like(100'000, 1));
  for (std::size_t size = 1; size < compressed.size(); size += 1 + compressed.size() / 64)
    EXPECT_EQ(problem_with(compressed.substr(0, size), deflate_format::gzip),
              "table.gz: cut short: the compressed data end in the middle; fetch or copy it again")
        << size;
}

TEST(inflate, nothing_at_all_is_cut_short) {
  EXPECT_THAT(problem_with("", deflate_format::gzip), HasSubstr("cut short"));
  EXPECT_THAT(problem_with("", deflate_format::raw), HasSubstr("cut short"));
}

TEST(inflate, damaged_data_never_pass) {
  const std::string text = census_like(20'000, 2);
  const std::string compressed = gzipped(text);
  std::mt19937 random(3);
  for (int i = 0; i < 300; ++i) {
    std::string damaged = compressed;
    damaged[10 + random() % (damaged.size() - 10)] ^= static_cast<char>(1U << (random() % 8));
    EXPECT_NE(problem_with(damaged, deflate_format::gzip), "no error");
  }
}

TEST(inflate, noise_is_refused_without_a_crash) {
  std::mt19937 random(4);
  for (int i = 0; i < 300; ++i) {
    std::string noise(500, '\0');
    std::generate(noise.begin(), noise.end(), [&] { return static_cast<char>(random()); });
    (void)problem_with(noise, deflate_format::raw);  // noise may happen to be a stream
    EXPECT_NE(problem_with("\x1f\x8b" + noise, deflate_format::gzip), "no error");
  }
}

TEST(inflate, wrong_checksum_is_named) {
  std::string compressed = gzipped("a,b\n1,2\n");
  compressed[compressed.size() - 8] ^= 1;
  EXPECT_EQ(problem_with(compressed, deflate_format::gzip),
            "table.gz: damaged: the checksum does not match what was inflated; fetch or copy it again");
}

TEST(inflate, wrong_checksum_in_a_later_member_is_named) {
  std::string compressed = gzipped("a,b\n") + gzipped("1,2\n");
  compressed[compressed.size() - 8] ^= 1;
  EXPECT_THAT(problem_with(compressed, deflate_format::gzip), HasSubstr("the checksum does not match"));
}

TEST(inflate, something_after_gzip_data_is_named) {
  EXPECT_THAT(problem_with(gzipped("a") + "b", deflate_format::gzip),
              HasSubstr("something other than gzip data after"));
}

TEST(inflate, limits_end_a_bomb) {
  const std::string zeros(20'000'000, '\0');
  const std::string compressed = deflated(zeros, 9);
  const auto with = [&](tequio::data::inflate_limits limits) {
    return message_of([&] {
      (void)read_all(
          *limit(inflate(std::make_unique<text_input>(compressed), deflate_format::raw), compressed.size(), limits));
    });
  };
  EXPECT_THAT(with({}), HasSubstr("inflates to more than 1,000 times its 19,"));
  EXPECT_THAT(with({.most_bytes = 1'000'000}), HasSubstr("inflates to more than 1,000,000 bytes"));
  EXPECT_EQ(with({.most_ratio = 1100}), "no error");
}

TEST(inflate, text_comes_back_whatever_the_sizes_of_pieces) {
  const std::string text = census_like(300'000, 5);
  for (const int level : {0, 1, 6, 9})
    for (const pieces sizes :
         {pieces{}, pieces{1, 65'536}, pieces{7, 300}, pieces{1'000'000, 1}, pieces{100, 1'000'000}})
      EXPECT_EQ(inflated(deflated(text, level), deflate_format::raw, sizes), text)
          << level << ' ' << sizes.in << ' ' << sizes.out;
}

TEST(inflate, gzip_members_follow_each_other_whatever_the_sizes_of_pieces) {
  std::string text;
  std::string compressed;
  for (unsigned i = 0; i < 40; ++i) {
    const std::string part = census_like(i * 500, 6 + i);
    text += part;
    compressed += gzipped(part);
  }
  for (const pieces sizes : {pieces{}, pieces{1, 65'536}, pieces{19, 300}, pieces{1'000'000, 1}})
    EXPECT_EQ(inflated(compressed, deflate_format::gzip, sizes), text) << sizes.in << ' ' << sizes.out;
}

TEST(inflate, zeros_may_follow_gzip_data) {
  EXPECT_EQ(inflated(gzipped("a,b\n") + "\0\0\0"s, deflate_format::gzip), "a,b\n");
}

TEST(inflate, empty_text_comes_back) {
  EXPECT_EQ(inflated(gzipped(""), deflate_format::gzip), "");
  EXPECT_EQ(inflated(deflated(""), deflate_format::raw), "");
}

}  // namespace
