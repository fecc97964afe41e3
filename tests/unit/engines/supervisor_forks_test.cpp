// SPDX-License-Identifier: MIT
// The supervisor of forked workers, where a worker dies between two steps of the protocol. No callable runs there, so
// these tests replace the worker's own loop.
#include "engines/supervisor.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <functional>

#include "support/leak_check.hpp"
#include "support/sanitizers.hpp"
#include "support/workers/in_child.hpp"
#include "tequio/detail/engines/shared_store.hpp"

namespace {

using tequio::detail::call_task;
using tequio::detail::item_status;
using tequio::detail::map_worker;
using tequio::detail::shared_store;
using tequio::detail::supervisor;
using tequio::detail::worker;

class supervisor_test : public tequio::test::leak_checked {
 protected:
  void SetUp() override {
    leak_checked::SetUp();
    m_page = tequio::detail::arena::here().reserve(4096);
    m_page.commit(0, 4096);
    lives = new (m_page.data()) std::atomic<int>(0);
  }
  void TearDown() override {
    m_page = {};
    leak_checked::TearDown();
  }

  // Runs `items`, with `part` in place of the worker's function that runs the items in hand.
  shared_store<int> run(std::size_t items, std::size_t workers, std::function<void(map_worker&)> part) {
    shared_store<int> store(items, workers);
    const call_task task{[](void* context, worker& self) {
                           (*static_cast<std::function<void(map_worker&)>*>(context))(static_cast<map_worker&>(self));
                         },
                         &part};
    supervisor(store, task, {}).run();
    return store;
  }

  static void do_properly(map_worker& self, shared_store<int>* = nullptr) {
    run_in_hand(self, [](std::uint64_t, worker&) {});
  }

  std::atomic<int>* lives = nullptr;  // shared by all workers: the number that has started so far

 protected:
  tequio::detail::arena_extent m_page{};
};

TEST_F(supervisor_test, claim_that_its_worker_did_not_live_to_note_is_done_by_another) {
  for (const std::size_t workers : {1U, 2U}) {
    lives->store(0);
    auto store = run(100, workers, [&](map_worker& self) {
      if (self.slot.in_hand().empty() && lives->fetch_add(1) == 0) {
        static_cast<void>(claim(self.call));
        ::_exit(0);
      }
      do_properly(self);
    });
    for (const auto& status : store.status()) ASSERT_EQ(status.load(), item_status::value);
  }
}

TEST_F(supervisor_test, item_whose_status_was_written_before_the_death_keeps_it) {
  auto store = run(10, 1, [&](map_worker& self) {
    const auto hand = self.slot.in_hand();
    if (!hand.empty() && hand.first == 3 && lives->fetch_add(1) == 0) {
      self.status[3].store(item_status::value);
      ::_exit(0);  // before the next item is announced
    }
    do_properly(self);
  });
  for (const auto& status : store.status()) ASSERT_EQ(status.load(), item_status::value);
  EXPECT_TRUE(store.failures().empty());
}

TEST_F(supervisor_test, worker_that_cannot_be_watched_has_not_touched_an_item) {
  if (tequio::test::address_sanitizer) GTEST_SKIP() << "a sanitizer needs descriptors of its own to check a throw";
  // the start of a worker fails at one descriptor after the other; no item may run twice
  for (unsigned room = 4; room < 12; ++room) {
    const auto runs = reinterpret_cast<std::atomic<int>*>(m_page.data());
    std::fill_n(runs, 1000, 0);
    EXPECT_EQ(tequio::test::in_child([&] {
                rlimit few{};
                ::getrlimit(RLIMIT_NOFILE, &few);
                static_cast<void>(tequio::detail::arena::here());
                const int next = ::dup(0);
                ::close(next);
                few.rlim_cur = static_cast<rlim_t>(next) + room;
                ::setrlimit(RLIMIT_NOFILE, &few);
                run(1000, 4, [&](map_worker& self) {
                  run_in_hand(self, [&](std::uint64_t item, worker&) {
                    ++runs[item];
                    ::usleep(20);
                  });
                });
                return 0;
              }),
              0);
    EXPECT_TRUE(std::all_of(runs, runs + 1000, [](const auto& count) { return count.load() == 1; })) << room;
  }
}

TEST_F(supervisor_test, damaged_slot_of_a_dead_worker_is_not_believed) {
  auto store = run(10, 1, [&](map_worker& self) {
    if (!self.slot.in_hand().empty() && lives->fetch_add(1) == 3) {
      self.slot.take({std::uint64_t{1} << 44, (std::uint64_t{1} << 44) + 5});
      ::_exit(0);
    }
    do_properly(self);
  });
  for (const auto& status : store.status()) EXPECT_EQ(status.load(), item_status::value);
}

TEST_F(supervisor_test, workers_that_die_when_their_work_is_done_are_no_error) {
  auto store = run(200, 20, [&](map_worker& self) {
    do_properly(self);
    ::usleep(500);
    if (self.call.cursor.load() >= self.call.count) ::_exit(1);
  });
  for (const auto& status : store.status()) EXPECT_EQ(status.load(), item_status::value);
}

TEST_F(supervisor_test, new_lives_neither_write_over_the_old_nor_ask_for_ever_more_memory) {
  shared_store<std::string> store(60, 1);
  const auto put = [&](std::uint64_t item, worker& self) {
    if (item % 2 == 1) ::_exit(1);
    store.put(item, std::to_string(item), self);
  };
  const call_task task{[](void* context, worker& self) {
                         run_in_hand(static_cast<map_worker&>(self), *static_cast<decltype(put)*>(context));
                       },
                       const_cast<std::remove_const_t<decltype(put)>*>(&put)};
  supervisor(store, task, {}).run();
  EXPECT_LE(store.slots()[0].committed.load(), 61U << 16U);
  for (std::uint64_t item = 0; item < 60; item += 2) EXPECT_EQ(store.take(item), std::to_string(item));
}

TEST_F(supervisor_test, workers_that_always_die_idle_are_an_error_and_not_a_loop) {
  EXPECT_THROW(run(10, 2,
                   [](worker& self) {
                     if (self.slot.in_hand().empty()) ::_exit(1);
                   }),
               tequio::error);
}

TEST_F(supervisor_test, damaged_results_are_an_error_and_never_read) {
  shared_store<std::string> store(4, 1);
  const call_task task{[](void*, worker& self) {
                         run_in_hand(static_cast<map_worker&>(self),
                                     [](std::uint64_t, worker&) {});  // says it has values, writes none
                       },
                       nullptr};
  supervisor(store, task, {}).run();
  auto* cells = reinterpret_cast<tequio::detail::shared_bytes*>(store.cells());
  const auto region = store.region(0);
  cells[0] = {0, 8};                             // not in a region
  cells[1] = {region.first, 8};                  // in one, but never written
  cells[2] = {region.first, ~std::uint64_t{0}};  // longer than everything
  cells[3] = {~std::uint64_t{0} - 4, 8};         // wraps around
  for (std::uint64_t item = 0; item < 4; ++item)
    EXPECT_THROW(static_cast<void>(store.take(item)), tequio::serialize_error) << item;
}

TEST_F(supervisor_test, damaged_list_of_failures_is_an_error_and_not_a_loop) {
  EXPECT_THROW(run(4, 1,
                   [](map_worker& self) {
                     self.slot.failures.store(12);  // in the control block
                     do_properly(self);
                   }),
               tequio::serialize_error);
}

}  // namespace
