// SPDX-License-Identifier: MIT
#include "tequio/command.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "support/files/scratch_folder.hpp"
#include "support/leak_check.hpp"
#include "support/sanitizers.hpp"
#include "support/workers/in_child.hpp"

namespace {

using namespace std::chrono_literals;
using tequio::command;
using tequio::worker_state;
using ::testing::HasSubstr;

class command_test : public tequio::test::leak_checked {};

command shell(const std::string& script) { return command({"sh", "-c", script}); }

TEST_F(command_test, input_goes_in_and_output_comes_back) {
  const auto sorted = command({"sort", "-n"}).run({.input = "10\n9\n"});
  EXPECT_TRUE(sorted.succeeded());
  EXPECT_EQ(sorted.output, "9\n10\n");
  EXPECT_EQ(sorted.error, "");
  EXPECT_EQ(command({"cat"}).run().output, "");
}

TEST_F(command_test, words_are_passed_as_they_are) {
  EXPECT_EQ(command({"printf", "%s|", "a b", "$HOME", "", "*"}).run().output, "a b|$HOME||*|");
}

TEST_F(command_test, exit_code_and_standard_error_are_told) {
  const auto failed = shell("echo out; echo bad >&2; exit 3").run();
  EXPECT_FALSE(failed.succeeded());
  EXPECT_EQ(failed.status, (tequio::worker_status{.state = worker_state::exited, .exit_code = 3}));
  EXPECT_EQ(failed.output, "out\n");
  EXPECT_EQ(failed.error, "bad\n");
}

TEST_F(command_test, signal_that_killed_it_is_told) {
  const auto killed = shell("echo before; kill -SEGV $$").run();
  EXPECT_EQ(killed.status, (tequio::worker_status{.state = worker_state::killed, .signal = SIGSEGV}));
  EXPECT_EQ(killed.output, "before\n");
  EXPECT_FALSE(killed.timed_out);
}

TEST_F(command_test, missing_program_is_an_error_naming_it) {
  if (tequio::test::thread_sanitizer) {  // it makes a fork of a vfork, whose child cannot tell what failed
    EXPECT_EQ(command({"/no/such/program"}).run().status.exit_code, 127);
    return;
  }
  for (const char* const name : {"no-such-program-anywhere", "/no/such/program"}) {
    try {
      static_cast<void>(command({name}).run());
      ADD_FAILURE() << "ran";
    } catch (const tequio::error& missing) {
      EXPECT_THAT(missing.what(), HasSubstr(name));
      EXPECT_THAT(missing.what(), HasSubstr("is not there"));
    }
  }
  EXPECT_THROW(static_cast<void>(command({"/etc/passwd"}).run()), tequio::error);
  EXPECT_THROW(command({}), tequio::error);
}

TEST_F(command_test, much_on_all_three_streams_blocks_nobody) {
  const std::string input(8 << 20, 'x');
  // writes both of its streams full before it reads
  const auto all = shell("head -c 4000000 /dev/zero; head -c 3000000 /dev/zero >&2; cat").run({.input = input});
  EXPECT_EQ(all.output.size(), 4'000'000 + input.size());
  EXPECT_EQ(all.error.size(), 3'000'000U);
  EXPECT_TRUE(all.succeeded());
}

TEST_F(command_test, input_that_nobody_reads_is_no_error) {
  const auto before = ::signal(SIGPIPE, SIG_DFL);
  const auto deaf = command({"true"}).run({.input = std::string(1 << 20, 'x')});
  EXPECT_TRUE(deaf.succeeded());
  const auto closes = shell("exec <&-; echo done").run({.input = std::string(1 << 20, 'x')});
  EXPECT_EQ(closes.output, "done\n");
  ::signal(SIGPIPE, before);
  sigset_t pending;
  ::sigpending(&pending);
  EXPECT_EQ(::sigismember(&pending, SIGPIPE), 0);
}

TEST_F(command_test, time_limit_kills_it_and_keeps_what_it_wrote) {
  for (auto time = 20ms;; time *= 2) {  // until it came as far as to write
    const auto late = shell("echo early; exec sleep 1000").run({.timeout = time});
    EXPECT_TRUE(late.timed_out);
    EXPECT_EQ(late.status.signal, SIGKILL);
    if (late.output == "early\n") break;
    EXPECT_EQ(late.output, "");
  }
  EXPECT_FALSE(command({"true"}).run({.timeout = 1h}).timed_out);
}

TEST_F(command_test, stop_request_kills_it) {
  std::stop_source source;
  std::jthread asks([&] {
    std::this_thread::sleep_for(10ms);
    source.request_stop();
  });
  const auto stopped = command({"sleep", "1000"}).run({.stop = source.get_token()});
  EXPECT_TRUE(stopped.stopped);
  EXPECT_EQ(stopped.status.signal, SIGKILL);
  EXPECT_TRUE(command({"sleep", "1000"}).run({.stop = source.get_token()}).stopped);
}

TEST_F(command_test, what_it_leaves_in_the_background_is_not_waited_for) {
  const auto left = shell("sleep 1000 & echo $!").run();
  EXPECT_TRUE(left.succeeded());
  ASSERT_FALSE(left.output.empty());
  ::kill(std::stoi(left.output), SIGKILL);
}

TEST_F(command_test, folder_and_environment_are_its_own) {
  const tequio::test::scratch_folder folder;
  const auto where = shell("pwd; echo $TEQUIO_TEST $HOME")
                         .run({.folder = folder.path(), .environment = {"TEQUIO_TEST=yes", "HOME=nowhere"}});
  EXPECT_EQ(where.output, std::filesystem::canonical(folder.path()).string() + "\nyes nowhere\n");
  EXPECT_THROW(static_cast<void>(command({"true"}).run({.folder = folder.path() / "none"})), tequio::error);
}

TEST_F(command_test, text_that_would_be_cut_or_name_nothing_is_refused) {
  const auto told = [](const std::vector<std::string>& words, const tequio::command_options& options) {
    try {
      static_cast<void>(command(words).run(options));
    } catch (const tequio::error& refused) {
      return std::string(refused.what());
    }
    return std::string("it ran");
  };
  using namespace std::string_literals;
  EXPECT_THAT(told({"echo", "a\0b"s}, {}), HasSubstr("null character"));
  EXPECT_THAT(told({"echo\0"s}, {}), HasSubstr("null character"));
  EXPECT_THAT(told({"true"}, {.folder = "/\0"s}), HasSubstr("null character"));
  EXPECT_THAT(told({"true"}, {.environment = {"A=b\0c"s}}), HasSubstr("null character"));
  for (const char* const variable : {"", "HOME", "=", "=x"})
    EXPECT_THAT(told({"true"}, {.environment = {variable}}), HasSubstr("NAME=value")) << variable;
  EXPECT_EQ(shell("echo $A").run({.environment = {"A=b=c", "A=d=e"}}).output, "d=e\n");
  EXPECT_EQ(told({"true"}, {.environment = {"A="}}), "it ran");
}

TEST_F(command_test, program_does_not_end_with_a_thread_that_did_not_run_it) {
  EXPECT_EQ(tequio::test::in_child([]() -> int {
              std::thread([] { ::_exit(shell("sleep 0.2; echo done").run().output == "done\n" ? 7 : 1); }).detach();
              ::syscall(SYS_exit, 0);  // the main thread alone, whose end a death signal may follow
              return 0;
            }),
            7);
}

TEST_F(command_test, several_threads_run_commands_at_once) {
  std::vector<std::jthread> callers;
  std::atomic<int> right{0};
  for (int i = 0; i < 4; ++i)
    callers.emplace_back([&, i] {
      for (int turn = 0; turn < 5; ++turn)
        if (command({"cat"}).run({.input = std::string(100'000, static_cast<char>('a' + i))}).output ==
            std::string(100'000, static_cast<char>('a' + i)))
          ++right;
    });
  callers.clear();
  EXPECT_EQ(right, 20);
}

TEST_F(command_test, what_it_leaves_behind_may_write_for_ever) {
  const auto found =
      shell("for i in 1 2 3; do yes & done; until grep -q 'wchar: [1-9]' /proc/$!/io 2>/dev/null; do :; done; exit 3")
          .run();
  EXPECT_EQ(found.status.exit_code, 3);
}

std::atomic<int> alarms{0};

TEST_F(command_test, signals_every_millisecond_disturb_nothing) {
  if (tequio::test::thread_sanitizer) GTEST_SKIP() << "ThreadSanitizer delays signals";
  EXPECT_EQ(tequio::test::in_child([] {
              struct sigaction counting {};
              counting.sa_handler = [](int) { alarms.fetch_add(1); };  // no SA_RESTART
              ::sigaction(SIGALRM, &counting, nullptr);
              const itimerval millisecond{{0, 1000}, {0, 1000}};
              ::setitimer(ITIMER_REAL, &millisecond, nullptr);
              const std::string input(4 << 20, 'x');
              for (int i = 0; i < 5; ++i)
                if (command({"cat"}).run({.input = input}).output != input) return 1;
              return alarms.load() > 0 ? 0 : 2;
            }),
            0);
}

TEST_F(command_test, standard_descriptors_closed_and_sigchld_ignored_lose_nothing) {
  EXPECT_EQ(tequio::test::in_child([] {
              for (int number = 0; number < 3; ++number) ::close(number);
              ::signal(SIGCHLD, SIG_IGN);
              const auto found = command({"cat"}).run({.input = "text"});
              if (found.output != "text") return 1;
              return found.succeeded() || found.status.state == worker_state::unknown ? 0 : 2;
            }),
            0);
}

TEST_F(command_test, program_that_somebody_else_waited_for_has_written_all_the_same) {
  EXPECT_EQ(tequio::test::in_child([] {
              ::signal(SIGCHLD, SIG_IGN);
              for (int i = 0; i < 300; ++i)
                if (command({"echo", "text"}).run().output != "text\n") return 1;
              return 0;
            }),
            0);
}

TEST_F(command_test, no_descriptors_left_is_an_error_and_leaves_nothing) {
  if (tequio::test::address_sanitizer) GTEST_SKIP() << "the sanitizer looks at memory through descriptors of its own";
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const int highest = ::dup(0);
  ::close(highest);
  for (rlim_t room = 0; room < 7; ++room) {
    rlimit few = limit;
    few.rlim_cur = static_cast<rlim_t>(highest) + room;
    ::setrlimit(RLIMIT_NOFILE, &few);
    std::string told;
    try {
      static_cast<void>(command({"true"}).run());
    } catch (const tequio::error& refused) {
      told = refused.what();
    }
    ::setrlimit(RLIMIT_NOFILE, &limit);
    EXPECT_THAT(told, HasSubstr("ulimit -n")) << room;
  }
}

}  // namespace
