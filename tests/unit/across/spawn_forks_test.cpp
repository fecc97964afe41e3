// SPDX-License-Identifier: MIT
// Processes started as a fresh image of this program, which therefore has a main() of its own.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "support/files/scratch_folder.hpp"
#include "support/leak_check.hpp"
#include "support/open_descriptors.hpp"
#include "support/workers/in_child.hpp"
#include "support/workers/processes_fixture.hpp"
#include "tequio/bind_values.hpp"
#include "tequio/command.hpp"
#include "tequio/detail/memory/shared_object.hpp"
#include "tequio/event.hpp"
#include "tequio/process.hpp"
#include "tequio/processes.hpp"
#include "tequio/shared_array.hpp"
#include "tequio/this_worker.hpp"
#include "tequio/worker_main.hpp"

namespace {

using tequio::process;
using tequio::process_options;
using tequio::start_method;
using tequio::worker_state;
using tequio::test::error_of;
using ::testing::HasSubstr;

const process_options spawned{.start = start_method::spawn};
constexpr const char* forgetful = "SPAWN_TEST_FORGETS_WORKER_MAIN";

class spawn_test : public tequio::test::leak_checked {};

// An address in a fresh image tells it from a forked one.
int image = 0;

int twice(int n) { return 2 * n; }

TEST_F(spawn_test, image_is_a_fresh_one) {
  image = 5;
  EXPECT_EQ(process(spawned, [] { return image; }).get(), 0);
}

TEST_F(spawn_test, functions_and_lambdas_without_captures_are_called) {
  EXPECT_EQ(process(spawned, twice, 4).get(), 8);
  EXPECT_EQ(process(spawned, &twice, 4).get(), 8);
  EXPECT_EQ(process(
                spawned, [](int a, int b) { return a - b; }, 4, 1)
                .get(),
            3);
}

struct person {
  std::string name{};
  std::vector<int> marks{};
};
struct packed {
  char text[8];
  int numbers[2];
};

TEST_F(spawn_test, arguments_travel_by_value) {
  EXPECT_EQ(process(
                spawned, [](const char* text) { return std::string(text) + "!"; }, "hello")
                .get(),
            "hello!");
  EXPECT_EQ(process(
                spawned, [](const person& p) { return p.name + std::to_string(p.marks.at(1)); }, person{"ana", {8, 9}})
                .get(),
            "ana9");
  EXPECT_EQ(process(
                spawned, [](packed p) { return p.text[1] + p.numbers[1]; }, packed{"ab", {1, 2}})
                .get(),
            'b' + 2);
  const std::map<std::string, std::vector<double>> table{{"x", {1, 2}}, {"y", {}}};
  EXPECT_EQ(process(
                spawned, [](std::map<std::string, std::vector<double>> t) { return t; }, table)
                .get(),
            table);
}

TEST_F(spawn_test, bound_values_travel_with_the_callable) {
  const std::string prefix = "no. ";
  process p(
      spawned,
      tequio::bind_values([](const std::string& a, int b, int c) { return a + std::to_string(b + c); }, prefix, 40), 2);
  EXPECT_EQ(p.get(), "no. 42");
  EXPECT_EQ(tequio::bind_values(twice, 3)(), 6);
  EXPECT_EQ(process(spawned, tequio::bind_values(twice, 3)).get(), 6);
}

TEST_F(spawn_test, handles_are_passed_by_reference) {
  tequio::event go;
  tequio::event seen;
  tequio::shared_array<int> numbers(1000, 1);
  process p(
      spawned,
      [](const tequio::event& start, tequio::event& done, tequio::shared_array<int>& shared) {
        start.wait();
        for (int& n : shared) ++n;
        done.set();
        return shared.size();
      },
      std::cref(go), std::ref(seen), std::ref(numbers));
  go.set();
  seen.wait();
  EXPECT_EQ(numbers.back(), 2);
  EXPECT_EQ(p.get(), 1000U);
}

TEST_F(spawn_test, large_results_and_arguments_arrive) {
  const std::vector<int> big(3'000'000, 7);
  process p(
      spawned, [](std::vector<int> in) { return in; }, big);
  p.join();
  EXPECT_EQ(p.get(), big);
}

TEST_F(spawn_test, errors_and_deaths_are_told_as_with_fork) {
  process thrown(spawned, [] { throw std::out_of_range("no such key"); });
  EXPECT_THAT(error_of(thrown).what(), HasSubstr("threw std::out_of_range: no such key"));
  process exited(spawned, [] { std::exit(3); });
  EXPECT_THAT(error_of(exited).what(), HasSubstr("exited with code 3 before its callable returned"));
  process killed(spawned, [] { ::raise(SIGKILL); });
  EXPECT_EQ(error_of(killed).failure().signal, SIGKILL);
  process huge(spawned, [] { throw std::runtime_error(std::string(60'000, 'x')); });
  EXPECT_EQ(error_of(huge).failure().exceptions.at(0).message.size(), 60'000U);
}

TEST_F(spawn_test, names_stops_and_tokens_work_as_with_fork) {
  process named({.name = "otro", .start = start_method::spawn}, [] { return tequio::this_worker::name(); });
  EXPECT_EQ(named.get(), "otro");
  process polls(spawned, [] {
    while (!tequio::this_worker::stop_requested()) ::usleep(100);
    return 1;
  });
  polls.request_stop();
  EXPECT_EQ(polls.get(), 1);
  process token(
      spawned,
      [](const std::stop_token& stop, int n) {
        while (!stop.stop_requested()) ::usleep(100);
        return n;
      },
      2);
  token.request_stop();
  EXPECT_EQ(token.get(), 2);
  process endless(spawned, [] {
    for (;;) ::pause();
  });
  endless.terminate();
  endless.join();
  EXPECT_EQ(endless.status().signal, SIGTERM);
}

TEST_F(spawn_test, what_it_prints_is_captured_where_asked) {
  process p({.start = start_method::spawn, .output = tequio::output_mode::captured}, [] { std::puts("hello"); });
  p.join();
  EXPECT_EQ(p.output(), "hello\n");
}

TEST_F(spawn_test, program_with_other_threads_may_spawn) {
  tequio::event go;
  std::jthread other([&] { go.wait(); });
  EXPECT_EQ(process(spawned, twice, 4).get(), 8);
  std::vector<int> found(4);
  {
    std::vector<std::jthread> callers;
    for (int& place : found) callers.emplace_back([&place] { place = process(spawned, twice, 4).get(); });
  }
  EXPECT_EQ(found, std::vector<int>(4, 8));
  go.set();
}

TEST_F(spawn_test, what_cannot_be_sent_is_refused_in_words) {
  int local = 1;
  for (const auto& start :
       {std::function<void()>([&] { process(spawned, [&] { return local; }); }), std::function<void()>([&] {
          process(
              spawned, [](int*) {}, &local);
        }),
        std::function<void()>([&] {
          process(
              spawned, [](int&) {}, std::ref(local));
        })}) {
    try {
      start();
      ADD_FAILURE() << "started";
    } catch (const tequio::error& refused) {
      EXPECT_THAT(refused.what(), HasSubstr("cannot be sent to a fresh image"));
      EXPECT_THAT(refused.what(), HasSubstr("bind_values"));
    }
  }
  const auto with_capture = [local] { return local; };
  static_assert(!tequio::shippable<decltype(with_capture)>);
  static_assert(!tequio::shippable<decltype(twice), std::shared_ptr<int>>);
  static_assert(tequio::shippable<decltype(twice), int>);
}

TEST_F(spawn_test, program_that_forgot_worker_main_is_told_so) {
  for (const char* const way : {"exits", "starts a process", "maps on processes", "spawns", "crashes"}) {
    ::setenv(forgetful, way, 1);
    process p(spawned, twice, 4);
    const std::string told = error_of(p).what();
    ::unsetenv(forgetful);
    EXPECT_THAT(told, HasSubstr("call tequio::worker_main(argc, argv) first in main()")) << way;
  }
}

TEST_F(spawn_test, variable_left_over_from_another_program_is_ignored) {
  EXPECT_EQ(tequio::test::in_child([] {
              ::setenv("TEQUIO_WORKER", "7", 1);
              tequio::worker_main(0, nullptr);
              ::setenv("TEQUIO_WORKER", "rubbish", 1);
              tequio::worker_main(0, nullptr);
              return ::getenv("TEQUIO_WORKER") == nullptr && process(spawned, twice, 4).get() == 8 ? 0 : 1;
            }),
            0);
}

TEST_F(spawn_test, program_with_more_rights_than_its_user_is_refused) {
  if (::getuid() != 0) GTEST_SKIP() << "needs root to give a program another owner";
  const tequio::test::scratch_folder folder;
  const std::filesystem::path program = folder.path() / "setuid";
  std::filesystem::copy("/proc/self/exe", program);
  if (::chown(program.c_str(), 65534, 65534) != 0 || ::chmod(program.c_str(), 04755) != 0) FAIL();
  const auto run = tequio::command({program.string()}).run({.environment = {std::string(forgetful) + "=is setuid"}});
  if (run.status.exit_code == 77) GTEST_SKIP() << "the folder gives no program more rights";
  EXPECT_THAT(run.output, HasSubstr("setuid"));
}

TEST_F(spawn_test, code_of_another_build_is_refused) {
  auto place = tequio::detail::place_of(reinterpret_cast<tequio::detail::any_function>(&twice));
  EXPECT_EQ(tequio::detail::code_at(place), reinterpret_cast<tequio::detail::any_function>(&twice));
  auto elsewhere = place;
  elsewhere.offset = std::uint64_t{1} << 40U;
  EXPECT_THROW(static_cast<void>(tequio::detail::code_at(elsewhere)), tequio::error);
  place.build_id[0] = static_cast<char>(place.build_id[0] + 1);
  try {
    static_cast<void>(tequio::detail::code_at(place));
    ADD_FAILURE() << "accepted";
  } catch (const tequio::error& refused) {
    EXPECT_THAT(refused.what(), HasSubstr("another build of the program"));
  }
}

TEST_F(spawn_test, child_holds_no_descriptors_of_others) {
  tequio::event go;
  const auto count = [] { return static_cast<int>(tequio::test::open_descriptors()); };
  const int alone = process(spawned, count).get();
  {
    process<std::string> other(
        spawned,
        [](const tequio::event& start) {
          start.wait();
          return std::string();
        },
        std::ref(go));
    EXPECT_EQ(process(spawned, count).get(), alone);
    go.set();
  }
  // nor does what it starts inherit its own
  const auto inner = [] {
    return process(spawned, [] { return static_cast<int>(tequio::test::open_descriptors()); }).get();
  };
  EXPECT_LE(process(spawned, inner).get(), alone + 1);  // one arena more
}

TEST_F(spawn_test, start_methods_mix_and_nest) {
  EXPECT_EQ(process(spawned, [] { return process(spawned, twice, 2).get() + process(twice, 3).get(); }).get(), 10);
  EXPECT_EQ(process([] { return process(spawned, twice, 5).get(); }).get(), 10);
  EXPECT_EQ(process(spawned,
                    [] {
                      return tequio::processes(2).map(std::vector{1, 2}, twice);
                    })
                .get(),
            (std::vector{2, 4}));
}

TEST_F(spawn_test, children_die_with_their_parent) {
  const tequio::shared_array<std::atomic<pid_t>> child(1);
  tequio::event ready;
  const pid_t parent = ::fork();
  if (parent == 0) {
    process p(
        spawned,
        [](tequio::shared_array<std::atomic<pid_t>>& pid, tequio::event& begun) {
          pid[0].store(::getpid());
          begun.set();
          for (;;) {
          }
        },
        std::ref(const_cast<tequio::shared_array<std::atomic<pid_t>>&>(child)), std::ref(ready));
    p.join();
    ::_exit(0);
  }
  ready.wait();
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  const std::string stat = "/proc/" + std::to_string(child[0].load()) + "/stat";
  for (;;) {
    std::FILE* const file = std::fopen(stat.c_str(), "r");
    if (file == nullptr) break;
    char state = 0;
    const int read = std::fscanf(file, "%*d %*s %c", &state);
    std::fclose(file);
    if (read == 1 && state == 'Z') break;
    ::usleep(500);
  }
}

TEST_F(spawn_test, standard_descriptors_closed_at_start_are_not_taken) {
  EXPECT_EQ(tequio::test::in_child([] {
              for (int number = 0; number < 3; ++number) ::close(number);
              const auto closed = [] {
                return std::vector<int>{::fcntl(0, F_GETFD), ::fcntl(1, F_GETFD), ::fcntl(2, F_GETFD)};
              };
              return process(spawned, closed).get() == std::vector<int>(3, -1) ? 0 : 1;
            }),
            0);
}

TEST_F(spawn_test, sigchld_ignored_by_the_program_loses_no_result) {
  EXPECT_EQ(tequio::test::in_child([] {
              ::signal(SIGCHLD, SIG_IGN);
              return process(spawned, twice, 4).get() == 8 ? 0 : 1;
            }),
            0);
}

// What a program without worker_main() may do.
int forget(const std::string& way) {
  if (way == "is setuid") {
    if (::getauxval(AT_SECURE) == 0) return 77;
    ::setenv(forgetful, "exits", 1);
    try {
      process(spawned, twice, 1).get();
    } catch (const tequio::error& refused) {
      std::puts(refused.what());
    }
  }
  if (way == "starts a process") process([] {}).get();
  if (way == "maps on processes") static_cast<void>(tequio::processes(2).map(std::vector{1}, twice));
  if (way == "spawns") process(spawned, twice, 1).get();
  if (way == "crashes") ::raise(SIGKILL);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (const char* const way = std::getenv(forgetful)) {
    try {
      return forget(way);
    } catch (const tequio::error&) {
      return 7;
    }
  }
  tequio::worker_main(argc, argv);
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
