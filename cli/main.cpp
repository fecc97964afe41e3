// SPDX-License-Identifier: MIT
// Parses the command line and runs the chosen command; the one place where an error becomes a line and an exit code.
#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <exception>
#include <new>

#include "command_line.hpp"
#include "commands/commands.hpp"
#include "exit_code.hpp"
#include "hint_words.hpp"
#include "say.hpp"
#include "tequio/data/query.hpp"
#include "usage_error.hpp"
#include "wrong_usage.hpp"

namespace {

using tequio::cli::exit_code;
using tequio::cli::message_of;
using tequio::cli::say;

// A file that the tool opens must not get the number of a closed standard stream. Writing to such a stream still fails.
void fill_standard_streams() {
  for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(number, F_GETFD) == -1) static_cast<void>(::open("/dev/null", O_RDONLY));
}

exit_code run(int argc, char** argv) {
  tequio::cli::action chosen;
  const auto tool = tequio::cli::make_command_line(chosen);
  try {
    tool->parse(argc, argv);
  } catch (const CLI::Success& asked) {
    tool->exit(asked);  // --help and --version
    return exit_code::success;
  } catch (const CLI::ParseError& wrong) {
    tequio::cli::tell(tequio::cli::wrong_usage_text(*tool, wrong));
    return exit_code::wrong_usage;
  }
  return chosen();
}

}  // namespace

int main(int argc, char** argv) {
  fill_standard_streams();
  std::signal(SIGPIPE, SIG_IGN);  // a write to a closed pipe fails with an error instead
  exit_code code = exit_code::could_not_run;
  try {
    code = run(argc, argv);
  } catch (const tequio::cli::usage_error& wrong) {
    say("{}", message_of(wrong));
    code = exit_code::wrong_usage;
  } catch (const tequio::data::query_error& wrong) {
    say("{}", message_of(wrong));
    code = exit_code::wrong_usage;
  } catch (const std::bad_alloc&) {
    say("out of memory; use fewer workers (-j), or fewer files at a time");
  } catch (const tequio::error& failed) {
    say("{}", message_of(failed));
  } catch (const std::exception& failed) {
    say("{}", failed.what());
  }
  return static_cast<int>(code);
}
