// SPDX-License-Identifier: MIT
// exit() in a callable ends a copy of the program: what the program owns is there afterwards, and what the callable
// made itself is put in order.
#include <dlfcn.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <optional>
#include <streambuf>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/files/scratch_folder.hpp"
#include "support/workers/processes_fixture.hpp"
#include "tequio/process.hpp"
#include "tequio/processes.hpp"
#include "tequio/shared_array.hpp"
#include "tequio/shared_atomic.hpp"
#include "tequio/worker_main.hpp"

namespace {

std::atomic<bool> no_memory_for_handlers{false};
// Stands for the lock that another thread held at the fork: nobody unlocks it in the child.
std::atomic<bool> registering_hangs{false};

}  // namespace

// The C library's, unless a test has it fail.
extern "C" int on_exit(void (*handler)(int, void*), void* argument) noexcept {
  using registration = int (*)(void (*)(int, void*), void*);
  static const auto real = reinterpret_cast<registration>(::dlsym(RTLD_NEXT, "on_exit"));
  while (registering_hangs) ::pause();
  return no_memory_for_handlers ? -1 : real(handler, argument);
}

namespace {

using tequio::process;
using tequio::verdict;
using ::testing::HasSubstr;
using child_exit = tequio::test::processes_test;

// What the program owns: files in a folder, each of which is removed as the program ends, the folder last.
class owned_files {
 public:
  static constexpr std::array names{"static", "local static", "atexit", "on_exit", "at_quick_exit", "destructor"};

  owned_files() {
    for (const char* name : names) folder->write(name, "kept");
  }

  static void remove(const char* name) { std::filesystem::remove(folder->path() / name); }
  static void remove_all() { delete folder; }
  [[nodiscard]] static std::vector<std::string> missing() {
    std::vector<std::string> found;
    for (const char* name : names)
      if (!std::filesystem::exists(folder->path() / name)) found.emplace_back(name);
    return found;
  }

 private:
  static inline const tequio::test::scratch_folder* folder = new tequio::test::scratch_folder;
};

struct remover {
  const char* name;
  explicit remover(const char* file) : name(file) {}
  remover(const remover&) = delete;
  remover& operator=(const remover&) = delete;
  ~remover() { owned_files::remove(name); }
};

const owned_files all_files;
const remover of_static("static");
__attribute__((destructor)) void end_of_program() { owned_files::remove_all(); }

// As a program may: before it has any workers, and once.
void register_everything() {
  static const remover of_local_static("local static");
  static const bool registered = [] {
    return std::atexit([] { owned_files::remove("atexit"); }) == 0 &&
           ::on_exit([](int, void*) { owned_files::remove("on_exit"); }, nullptr) == 0 &&
           std::at_quick_exit([] { owned_files::remove("at_quick_exit"); }) == 0;
  }();
  ASSERT_TRUE(registered);
}

const std::vector<std::pair<std::function<void()>, int>>& ways_to_leave() {
  static const std::vector<std::pair<std::function<void()>, int>> ways{
      {[] { std::exit(0); }, 0},
      {[] { std::exit(3); }, 3},
      {[] { std::quick_exit(0); }, 0},
      {[] { std::quick_exit(3); }, 3},
      {[] { std::thread([] { std::exit(3); }).join(); }, 3},
      {[] { std::thread([] { std::quick_exit(3); }).join(); }, 3},
  };
  return ways;
}

TEST_F(child_exit, item_of_a_map_that_exits_leaves_alone_what_the_program_owns) {
  register_everything();
  for (const auto& [leave, code] : ways_to_leave()) {
    const auto outcomes = tequio::processes(2).try_map(tequio::test::first_numbers(6), [&](int n) {
      if (n == 1) leave();
      return n;
    });
    ASSERT_EQ(outcomes[1].verdict(), verdict::died);
    EXPECT_THAT(outcomes[1].failure().describe(), HasSubstr("exited with code " + std::to_string(code)));
    for (const int other : {0, 2, 3, 4, 5}) EXPECT_EQ(*outcomes[static_cast<std::size_t>(other)], other);
  }
  EXPECT_EQ(owned_files::missing(), std::vector<std::string>());
}

TEST_F(child_exit, item_of_a_stream_that_exits_leaves_alone_what_the_program_owns) {
  register_everything();
  for (const auto& [leave, code] : ways_to_leave()) {
    tequio::processes crew(2);
    int item = 0;
    for (auto& one : crew.try_stream(tequio::test::first_numbers(6), [&](int n) {
           if (n == 1) leave();
           return n;
         })) {
      if (item == 1)
        EXPECT_THAT(one.failure().describe(), HasSubstr("exited with code " + std::to_string(code)));
      else
        EXPECT_EQ(*one, item);
      ++item;
    }
  }
  EXPECT_EQ(owned_files::missing(), std::vector<std::string>());
}

TEST_F(child_exit, submitted_call_that_exits_leaves_alone_what_the_program_owns) {
  register_everything();
  tequio::processes crew(2);
  for (const auto& [leave, code] : ways_to_leave()) {
    auto answer = crew.submit(leave);
    try {
      answer.get();
      ADD_FAILURE() << "nothing was thrown";
    } catch (const tequio::worker_error& thrown) {
      EXPECT_THAT(thrown.what(), HasSubstr("exited with code " + std::to_string(code)));
    }
  }
  EXPECT_EQ(owned_files::missing(), std::vector<std::string>());
}

TEST_F(child_exit, process_that_exits_leaves_alone_what_the_program_owns) {
  register_everything();
  for (const auto& [leave, code] : ways_to_leave()) {
    const process<> p(leave);
    EXPECT_THAT(tequio::test::message_of(p), HasSubstr("exited with code " + std::to_string(code)));
    EXPECT_EQ(p.status(), (tequio::worker_status{.state = tequio::worker_state::exited, .exit_code = code}));
  }
  EXPECT_EQ(owned_files::missing(), std::vector<std::string>());
}

TEST_F(child_exit, process_that_returns_throws_or_is_copied_leaves_alone_what_the_program_owns) {
  register_everything();
  process<>([] {}).get();
  process<>([] { throw 1; }).join();
  const process<int> forks([] {
    const pid_t copy = ::fork();
    if (copy == 0) std::exit(5);
    int status = 0;
    ::waitpid(copy, &status, 0);
    return WEXITSTATUS(status);
  });
  EXPECT_EQ(forks.get(), 5);
  EXPECT_EQ(owned_files::missing(), std::vector<std::string>());
}

// How often each of these was run.
struct own_counts {
  std::atomic<int> statics, locals, registered, with_code, quick;
};

struct counter {
  std::atomic<int>& count;
  explicit counter(std::atomic<int>& counted) : count(counted) {}
  counter(const counter&) = delete;
  counter& operator=(const counter&) = delete;
  ~counter() { ++count; }
};

own_counts* counted = nullptr;

void make_things_of_its_own() {
  static const counter local(counted->statics);
  thread_local const counter of_thread(counted->locals);
  std::atexit([] { ++counted->registered; });
  ::on_exit([](int code, void*) { counted->with_code = code; }, nullptr);
  std::at_quick_exit([] { ++counted->quick; });
}

class own_things : public child_exit {
 protected:
  void SetUp() override {
    child_exit::SetUp();
    m_memory.emplace(sizeof(own_counts));
    counted = new (m_memory->data()) own_counts{};
  }
  void TearDown() override {
    m_memory.reset();
    child_exit::TearDown();
  }

 private:
  std::optional<tequio::shared_array<std::byte>> m_memory{};
};

TEST_F(own_things, of_a_callable_that_exits_are_put_in_order) {
  const process<> p([] {
    make_things_of_its_own();
    std::exit(3);
  });
  EXPECT_THAT(tequio::test::message_of(p), HasSubstr("exited with code 3"));
  EXPECT_EQ(counted->statics, 1);
  EXPECT_EQ(counted->locals, 1);
  EXPECT_EQ(counted->registered, 1);
  EXPECT_EQ(counted->with_code, 3);
  EXPECT_EQ(counted->quick, 0);
}

TEST_F(own_things, of_a_callable_that_exits_quickly_are_those_of_at_quick_exit) {
  const process<> p([] {
    make_things_of_its_own();
    std::quick_exit(3);
  });
  EXPECT_THAT(tequio::test::message_of(p), HasSubstr("exited with code 3"));
  EXPECT_EQ(counted->statics + counted->locals + counted->registered + counted->with_code, 0);
  EXPECT_EQ(counted->quick, 1);
}

TEST_F(own_things, of_a_callable_that_returns_are_left) {
  process<>(make_things_of_its_own).get();
  EXPECT_EQ(counted->statics + counted->locals + counted->registered + counted->with_code + counted->quick, 0);
}

TEST_F(own_things, of_a_worker_are_not_those_of_a_process_it_starts) {
  const process<> outer([] {
    make_things_of_its_own();
    process<>([] { std::exit(3); }).join();
    if (counted->statics + counted->registered + counted->with_code != 0) ::_exit(1);
    process<>([] { std::quick_exit(3); }).join();
    if (counted->quick != 0) ::_exit(2);
  });
  outer.get();
}

TEST_F(own_things, of_a_fresh_image_are_all_it_made_as_a_program) {
  // it registers nothing here but what main() below has it do, whose count it prints
  const process<> p({.start = tequio::start_method::spawn, .output = tequio::output_mode::captured},
                    [] { std::exit(3); });
  EXPECT_THAT(tequio::test::message_of(p), HasSubstr("exited with code 3"));
  EXPECT_EQ(p.output(), "end of an image\n");
}

TEST_F(child_exit, all_that_the_callable_printed_comes_out) {
  const std::vector<std::pair<void (*)(), std::string>> ways{
      {[] { std::printf("stdio"); }, "stdio"},
      {[] { std::cout << "through stdio"; }, "through stdio"},
      {[] { std::ios::sync_with_stdio(false), std::cout << "by itself"; }, "by itself"},
      {[] { std::ios::sync_with_stdio(false), std::wcout << L"wide"; }, "wide"},
  };
  for (const auto& [print, text] : ways) {
    const process<> exits({.output = tequio::output_mode::captured}, [print = print] {
      print();
      std::exit(3);
    });
    exits.join();
    EXPECT_EQ(exits.output(), text);
    const process<> returns({.output = tequio::output_mode::captured}, print);
    returns.join();
    EXPECT_EQ(returns.output(), text);
  }
}

TEST_F(child_exit, nothing_is_printed_twice_that_the_program_had_in_a_buffer) {
  const tequio::test::scratch_folder folder;
  const std::string path = folder.path() / "log";
  static std::ofstream log;
  log.open(path);
  log << "the program's\n";
  process<>([] { std::exit(3); }).join();
  log.close();
  std::ifstream file(path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "the program's\n");
}

TEST_F(child_exit, file_that_the_program_reads_goes_on_where_it_was) {
  const tequio::test::scratch_folder folder;
  std::FILE* const file = std::fopen(folder.write("lines", "first\nsecond\nthird\n").c_str(), "r");
  std::array<char, 20> line{};
  ASSERT_NE(std::fgets(line.data(), line.size(), file), nullptr);  // has read all into its buffer
  process<>([] { std::exit(3); }).join();
  EXPECT_EQ(::lseek(::fileno(file), 0, SEEK_CUR), 19);  // a child shares the place with its parent
  std::fclose(file);
}

// Holds up the first flush until a second thread's exit flushes as well.
class slow_buffer : public std::streambuf {
 public:
  explicit slow_buffer(std::function<void()> during_first) : m_during_first(std::move(during_first)) {}

 protected:
  int sync() override {
    if (auto during = std::exchange(m_during_first, nullptr)) {
      during();
      for (;;) ::pause();
    }
    return 0;
  }

 private:
  std::function<void()> m_during_first;
};

TEST_F(child_exit, second_thread_that_exits_meanwhile_leaves_alone_what_the_program_owns) {
  register_everything();
  const process<> p([] {
    std::cout.rdbuf(new slow_buffer([] { std::thread([] { std::exit(4); }).detach(); }));  // lives to the end
    std::exit(3);
  });
  p.join();
  EXPECT_EQ(p.status().exit_code, 4);
  EXPECT_EQ(owned_files::missing(), std::vector<std::string>());
}

TEST_F(child_exit, stream_that_throws_when_it_is_written_out_changes_no_code) {
  const process<> p([] {
    struct failing : std::streambuf {
      int sync() override { return -1; }
    };
    std::cout.rdbuf(new failing);  // lives to the end
    std::cout.exceptions(std::ios::badbit);
    std::exit(3);
  });
  p.join();
  EXPECT_EQ(p.status(), (tequio::worker_status{.state = tequio::worker_state::exited, .exit_code = 3}));
}

TEST_F(child_exit, child_of_a_program_with_threads_does_not_wait_for_their_locks) {
  std::atomic<bool> over{false};
  std::thread other([&] { over.wait(false); });
  registering_hangs = true;
  EXPECT_EQ(process<int>({.forking = tequio::forking::at_any_time}, [] { return 7; }).get(), 7);
  registering_hangs = false;
  over = true;
  over.notify_one();
  other.join();
}

TEST_F(child_exit, nothing_is_called_where_there_is_no_memory_for_the_handlers) {
  tequio::shared_atomic<int> calls(0);
  no_memory_for_handlers = true;
  const process<> p([&] { calls.fetch_add(1); });
  EXPECT_THAT(tequio::test::message_of(p), HasSubstr("it never began: free memory"));
  try {
    tequio::processes(2).for_each(tequio::test::first_numbers(3), [&](int) { calls.fetch_add(1); });
    ADD_FAILURE() << "nothing was thrown";
  } catch (const tequio::error& thrown) {
    EXPECT_THAT(thrown.what(), HasSubstr("workers die before they take an item"));
  }
  no_memory_for_handlers = false;
  EXPECT_EQ(calls.load(), 0);
}

}  // namespace

int main(int argc, char** argv) {
  if (std::getenv("TEQUIO_TEST_IMAGE") != nullptr) std::atexit([] { std::puts("end of an image"); });
  ::setenv("TEQUIO_TEST_IMAGE", "yes", 1);
  tequio::worker_main(argc, argv);
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
