// SPDX-License-Identifier: MIT
// How the end of a process is seen where the program makes that hard.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <thread>

#include "support/files/scratch_folder.hpp"
#include "support/sanitizers.hpp"
#include "support/workers/in_child.hpp"
#include "support/workers/processes_fixture.hpp"
#include "tequio/process.hpp"
#include "tequio/shared_array.hpp"

namespace {

using tequio::process;
using tequio::worker_error;
using tequio::test::in_child;
using tequio::test::message_of;
using ::testing::HasSubstr;
using process_end_test = tequio::test::processes_test;

TEST_F(process_end_test, end_is_seen_where_no_descriptors_are_allowed_any_more) {
  if (tequio::test::address_sanitizer) GTEST_SKIP() << "the sanitizer looks at memory through descriptors of its own";
  EXPECT_EQ(in_child([] {
              process<std::string> p([] {
                const rlimit none{0, 0};
                ::setrlimit(RLIMIT_NOFILE, &none);
                return std::string("done");
              });
              process failing([] {
                const rlimit none{0, 0};
                ::setrlimit(RLIMIT_NOFILE, &none);
                throw std::runtime_error("boom");
              });
              const rlimit none{0, 0};
              ::setrlimit(RLIMIT_NOFILE, &none);
              while (!p.join_for(std::chrono::milliseconds(1))) ::usleep(500);
              while (failing.running()) ::usleep(500);
              if (message_of(failing).find("boom") == std::string::npos) return 1;
              return p.get() == "done" ? 0 : 2;
            }),
            0);
}

TEST_F(process_end_test, process_that_closed_all_descriptors_tells_what_it_can_and_harms_no_file) {
  if (tequio::test::address_sanitizer) GTEST_SKIP() << "the sanitizer looks at memory through descriptors of its own";
  const tequio::test::scratch_folder folder;
  const std::string file = folder.write("file", "text");
  const auto close_all = [&] {
    ::close_range(3, ~0U, 0);
    while (::open(file.c_str(), O_RDWR) < 30) {
    }
  };
  process<int> bytes([&] {
    close_all();
    return 5;
  });
  EXPECT_EQ(bytes.get(), 5);
  process<> failing([&] {
    close_all();
    throw std::runtime_error("boom");
  });
  EXPECT_THAT(message_of(failing), HasSubstr("boom"));
  process<std::string> small([&] {
    close_all();
    return std::string("kept");
  });
  EXPECT_EQ(small.get(), "kept");
  process<> serialised([&] {
    process<std::string> large([&] {
      close_all();
      return std::string(1 << 20, 'x');  // too large for the record
    });
    static_cast<void>(large.get());
  });
  EXPECT_THAT(message_of(serialised), HasSubstr("close only descriptors that you opened"));
  process<> spawning([&] {
    close_all();
    process({.start = tequio::start_method::spawn}, [] {}).get();
  });
  EXPECT_THAT(message_of(spawning), HasSubstr("close only descriptors that you opened"));
  process<> sharing([&] {
    close_all();
    tequio::shared_array<int> array(100'000);
    array[99'999] = 1;
  });
  sharing.get();
  EXPECT_EQ(std::filesystem::file_size(file), 4U);
}

TEST_F(process_end_test, process_forked_by_the_callable_that_returns_too_has_no_say) {
  process<int> p([] {
    const pid_t copy = ::fork();
    if (copy == 0) return 1;
    ::waitpid(copy, nullptr, 0);
    ::raise(SIGKILL);
    return 2;
  });
  EXPECT_THROW(static_cast<void>(p.get()), worker_error);
  EXPECT_EQ(p.status().signal, SIGKILL);
}

// A log reader, say: it holds the lock of its stream as long as nothing comes.
TEST_F(process_end_test, thread_that_reads_a_stream_does_not_hold_up_an_exit_which_writes_out_the_others) {
  const tequio::test::scratch_folder folder;
  const std::string path = folder.path() / "log";
  const process<> p([&] {
    std::array<int, 2> pipe{};
    if (::pipe(pipe.data()) != 0) return;
    std::FILE* const input = ::fdopen(pipe[0], "r");
    std::thread([input] { std::fgetc(input); }).detach();
    while (::ftrylockfile(input) == 0) {
      ::funlockfile(input);
      ::usleep(1000);
    }
    std::fputs("written", std::fopen(path.c_str(), "w"));
    std::exit(3);
  });
  EXPECT_THAT(message_of(p), HasSubstr("exited with code 3"));
  std::ifstream file(path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "written");
}

}  // namespace
