// SPDX-License-Identifier: MIT
#include "tequio/detail/memory/arena.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <thread>

#include "support/leak_check.hpp"
#include "support/open_descriptors.hpp"
#include "support/workers/in_child.hpp"
#include "tequio/detail/memory/shared_object.hpp"
#include "tequio/error.hpp"

namespace {

class arena_test : public tequio::test::leak_checked {};

TEST_F(arena_test, more_than_all_addresses_is_an_error) {
  tequio::detail::arena& here = tequio::detail::arena::here();
  EXPECT_THROW(static_cast<void>(here.reserve(here.capacity() + 1)), tequio::error);
  EXPECT_THROW(static_cast<void>(here.reserve(here.largest_free() + 1)), tequio::error);
  for (const std::size_t little : {0U, 1U, 63U, 4095U}) {  // as what was negative once
    EXPECT_THROW(static_cast<void>(here.reserve(SIZE_MAX - little)), tequio::error);
    EXPECT_THROW(static_cast<void>(here.allocate(SIZE_MAX - little)), tequio::error);
  }
}

TEST_F(arena_test, more_memory_than_there_is_is_an_error_and_no_signal) {
  const auto extent = tequio::detail::arena::here().reserve(tequio::detail::arena::here().largest_free());
  EXPECT_THROW(extent.commit(0, extent.size()), tequio::error);
}

TEST_F(arena_test, one_that_cannot_be_made_leaves_no_descriptor) {
  const pid_t child = ::fork();
  if (child == 0) {
    // an arena is made anew in a child
    const rlimit small{1 << 20, 1 << 20};
    ::setrlimit(RLIMIT_FSIZE, &small);
    const auto before = tequio::test::open_descriptors();
    for (int attempt = 0; attempt < 3; ++attempt) {
      try {
        static_cast<void>(tequio::detail::arena::here());
        ::_exit(2);
      } catch (const tequio::error& refused) {
        if (refused.code() != std::errc::file_too_large) ::_exit(3);
      }
    }
    ::_exit(tequio::test::open_descriptors() == before ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST_F(arena_test, ranges_given_back_in_any_order_become_one_again) {
  tequio::detail::arena& here = tequio::detail::arena::here();
  const std::size_t before = here.largest_free();
  for (int order = 0; order < 6; ++order) {
    std::vector<tequio::detail::arena_extent> extents;
    for (int i = 0; i < 3; ++i) extents.push_back(here.reserve(10000));
    std::vector<std::size_t> sequence{0, 1, 2};
    for (int i = 0; i < order; ++i) std::next_permutation(sequence.begin(), sequence.end());
    for (const std::size_t i : sequence) extents[i] = {};
    EXPECT_EQ(here.largest_free(), before);
  }
}

TEST_F(arena_test, committed_memory_is_zero_even_where_others_wrote_before) {
  for (int round = 0; round < 2; ++round) {
    const auto extent = tequio::detail::arena::here().reserve(1 << 20);
    extent.commit(0, extent.size());
    EXPECT_TRUE(
        std::all_of(extent.data(), extent.data() + extent.size(), [](std::byte b) { return b == std::byte{0}; }));
    std::memset(extent.data(), 0xff, extent.size());
  }
}

TEST_F(arena_test, small_objects_share_pages_and_their_places_are_used_again) {
  tequio::detail::arena& here = tequio::detail::arena::here();
  { const auto warm = here.allocate(100); }
  const std::size_t before = here.reserved();
  for (int round = 0; round < 1000; ++round) {
    const auto object = here.allocate(100);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(object.data()) % 64, 0U);
    ASSERT_TRUE(std::all_of(object.data(), object.data() + 100, [](std::byte b) { return b == std::byte{0}; }));
    std::memset(object.data(), 0xff, object.size());
  }
  EXPECT_EQ(here.reserved(), before);
  std::vector<tequio::detail::arena_extent> many;
  for (int i = 0; i < 32; ++i) many.push_back(here.allocate(128));
  for (std::size_t i = 0; i < many.size(); ++i) std::memset(many[i].data(), static_cast<int>(i), 128);
  for (std::size_t i = 0; i < many.size(); ++i) EXPECT_EQ(many[i].data()[127], static_cast<std::byte>(i));
}

TEST_F(arena_test, forked_child_shares_what_was_reserved_and_reserves_apart) {
  const auto extent = tequio::detail::arena::here().reserve(4096);
  extent.commit(0, 4096);
  const pid_t child = ::fork();
  if (child == 0) {
    extent.data()[0] = std::byte{7};
    const auto own = tequio::detail::arena::here().reserve(4096);
    own.commit(0, 4096);
    own.data()[0] = std::byte{9};
    ::_exit(own.data() == extent.data() ? 1 : 0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(extent.data()[0], std::byte{7});
}

TEST_F(arena_test, an_address_outside_every_arena_is_an_error) {
  const int own = 0;
  EXPECT_THROW(static_cast<void>(tequio::detail::arena::of(&own)), tequio::error);
  EXPECT_THROW(static_cast<void>(tequio::detail::arena::of(nullptr)), tequio::error);
}

TEST_F(arena_test, a_forked_child_puts_memory_behind_what_its_parent_reserved_and_takes_it_back) {
  constexpr std::size_t size = 1 << 20;
  const auto extent = tequio::detail::arena::here().reserve(size);
  EXPECT_EQ(&tequio::detail::arena::of(extent.data()), &tequio::detail::arena::here());
  EXPECT_EQ(tequio::test::in_child([&] {
              tequio::detail::arena& parents = tequio::detail::arena::of(extent.data() + size - 1);
              static_cast<void>(tequio::detail::arena::here().reserve(1));  // one of its own, beside it
              if (&parents == &tequio::detail::arena::here() || &parents != &tequio::detail::arena::of(extent.data()))
                return 1;
              parents.commit({extent.data(), size});
              std::memset(extent.data(), 0x55, size);
              parents.take_back({extent.data(), size / 2});
              return 0;
            }),
            0);
  EXPECT_EQ(extent.data()[size / 2], std::byte{0x55});
  extent.commit(0, size / 2);
  EXPECT_EQ(extent.data()[0], std::byte{0});
}

TEST_F(arena_test, threads_of_a_forked_child_that_need_its_first_memory_share_one_arena) {
  for (int turn = 0; turn < 50; ++turn)
    ASSERT_EQ(tequio::test::in_child([] {
                std::atomic<int> here{0};
                const tequio::detail::arena* found[2];
                const auto find = [&](int i) {
                  ++here;
                  while (here != 2) {
                  }
                  found[i] = &tequio::detail::arena::here();
                };
                std::thread other(find, 0);
                find(1);
                other.join();
                return found[0] == found[1] ? 0 : 1;
              }),
              0);
}

TEST_F(arena_test, an_object_is_destroyed_by_the_handle_that_made_it_and_by_no_other) {
  struct counted {
    int& destroyed;
    ~counted() { ++destroyed; }
  };
  int destroyed = 0;
  {
    tequio::detail::shared_object<counted> owner(destroyed);
    { const tequio::detail::shared_object<counted> guest(tequio::detail::attached<counted>{owner.get()}); }
    EXPECT_EQ(destroyed, 0);
    EXPECT_EQ(tequio::test::in_child([&] {
                { const auto gone = std::move(owner); }
                return destroyed;
              }),
              0);
  }
  EXPECT_EQ(destroyed, 1);
}

}  // namespace
