// SPDX-License-Identifier: MIT
#include "tequio/detail/shared/message_ring.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstring>
#include <deque>
#include <fstream>
#include <random>
#include <string>

#include "support/leak_check.hpp"
#include "support/sanitizers.hpp"
#include "support/workers/in_child.hpp"
#include "tequio/detail/memory/shared_object.hpp"
#include "tequio/error.hpp"

namespace {

using tequio::detail::message_buffer;
using tequio::detail::message_ring;
using tequio::detail::ring_result;
using tequio::detail::ring_shape;
using shared_ring = tequio::detail::shared_object<message_ring>;

class message_ring_test : public tequio::test::leak_checked {};

std::string pop_text(message_ring& ring) {
  message_buffer into;
  if (ring.pop(into, tequio::detail::at_once) != ring_result::done) return "(none)";
  return {reinterpret_cast<const char*>(into.written().data()), into.written().size()};
}

ring_result push_text(message_ring& ring, const std::string& text) {
  return ring.push(std::as_bytes(std::span(text)), tequio::detail::at_once);
}

// Pushes and pops at random, beside a deque that does the same; how many bytes came out.
std::size_t compare_with_deque(message_ring& ring, int operations, std::size_t largest) {
  std::mt19937_64 random(7);
  std::deque<std::string> model;
  std::size_t bytes = 0;
  for (int i = 0; i < operations; ++i) {
    const bool fills = (i / 50) % 2 == 0;
    if (random() % 3 != (fills ? 0U : 1U) && random() % 3 != 0) {
      const std::size_t kind = random() % 4;
      const std::size_t size = random() % (kind == 0 ? 10 : kind == 1 ? 3000 : kind == 2 ? 200'000 : largest);
      std::string text(size, static_cast<char>('a' + i % 26));
      if (size > 2) text.front() = text.back() = '|';
      const ring_result result = push_text(ring, text);
      if (result != ring_result::done && model.size() < ring.capacity() && ring.largest_message() > 1U << 30U)
        return 0;  // addresses for all
      if (result == ring_result::done) model.push_back(std::move(text));
    } else if (const std::string text = pop_text(ring); text != (model.empty() ? "(none)" : model.front())) {
      return 0;
    } else if (!model.empty()) {
      bytes += text.size();
      model.pop_front();
    }
    if (ring.size() != model.size()) return 0;
  }
  while (!model.empty()) {
    if (pop_text(ring) != model.front()) return 0;
    model.pop_front();
  }
  return bytes;
}

TEST_F(message_ring_test, does_what_a_deque_does_with_messages_of_any_size) {
  shared_ring ring(ring_shape{.capacity = 40});
  EXPECT_GT(compare_with_deque(*ring, 2000, 2'000'000), 50'000'000U);
}

TEST_F(message_ring_test, does_so_where_there_are_few_addresses_and_all_are_used_again) {
  if (tequio::test::address_sanitizer || tequio::test::thread_sanitizer)
    GTEST_SKIP() << "takes terabytes of addresses itself";
  EXPECT_EQ(tequio::test::in_child([] {
              std::ifstream status("/proc/self/statm");
              rlim_t pages = 0;
              status >> pages;
              const rlimit limit{pages * 4096 + (rlim_t{200} << 20), RLIM_INFINITY};
              ::setrlimit(RLIMIT_AS, &limit);
              shared_ring ring(ring_shape{.capacity = 40});
              if (ring->largest_message() > std::size_t{64} << 20) return 1;
              const std::size_t bytes = compare_with_deque(*ring, 4000, 3'000'000);
              return bytes > 4 * ring->largest_message() ? 0 : 2;
            }),
            0);
}

TEST_F(message_ring_test, messages_of_no_bytes_have_places_of_their_own_at_every_edge) {
  shared_ring ring(ring_shape{.capacity = 4});
  // a step of memory, filled to its last byte, then nothing at all, again and again
  for (int i = 0; i < 200; ++i) {
    for (const std::size_t size : {65536U, 0U, 0U})
      ASSERT_EQ(push_text(*ring, std::string(size, 'f')), ring_result::done);
    for (const std::size_t size : {65536U, 0U, 0U}) ASSERT_EQ(pop_text(*ring).size(), size);
    ASSERT_EQ(push_text(*ring, "x"), ring_result::done);
    ASSERT_EQ(pop_text(*ring), "x");
  }
}

TEST_F(message_ring_test, refuses_what_can_never_fit) {
  shared_ring ring(ring_shape{.capacity = 4});
  const std::byte one{};
  const std::span<const std::byte> too_large(&one, ring->largest_message() + 1);  // never read
  EXPECT_THROW(static_cast<void>(ring->push(too_large, tequio::detail::at_once)), tequio::error);
  EXPECT_EQ(ring->size(), 0U);
}

TEST_F(message_ring_test, bytes_that_something_wrote_over_are_errors_and_nothing_worse) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 200; ++round) {
    shared_ring ring(ring_shape{.capacity = 6});
    for (int i = 0; i < 4; ++i)
      ASSERT_EQ(push_text(*ring, std::string(static_cast<std::size_t>(i) * 300'000, 'x')), ring_result::done);
    // the records are at the beginning, in the memory that any push may write to
    std::byte* const records = ring->memory().data();
    for (int i = 0; i < 20; ++i) {
      const std::size_t word = random() % 32;
      const std::uint64_t value = random() >> (random() % 64);
      std::memcpy(records + 8 * word, &value, sizeof value);
    }
    for (int i = 0; i < 6; ++i) {
      try {
        EXPECT_LE(pop_text(*ring).size(), std::size_t{4} << 20);
        static_cast<void>(push_text(*ring, std::string(i % 2 == 0 ? 5 : 2'000'000, 'y')));
      } catch (const tequio::error& told) {
        EXPECT_FALSE(told.cure().empty());
      }
    }
  }
}

TEST_F(message_ring_test, a_damaged_message_is_one_pops_error_and_the_next_comes) {
  shared_ring ring(ring_shape{.capacity = 6});
  ASSERT_EQ(push_text(*ring, "damaged"), ring_result::done);
  ASSERT_EQ(push_text(*ring, "well"), ring_result::done);
  const std::uint64_t impossible = std::uint64_t{1} << 60U;
  std::memcpy(ring->memory().data(), &impossible, sizeof impossible);
  EXPECT_THROW(pop_text(*ring), tequio::error);
  EXPECT_EQ(pop_text(*ring), "well");
}

}  // namespace
