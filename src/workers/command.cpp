// SPDX-License-Identifier: MIT
#include "tequio/command.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "system/bell.hpp"
#include "system/environment.hpp"
#include "system/exit_info.hpp"
#include "system/fork_exec.hpp"
#include "system/no_broken_pipe.hpp"
#include "system/system.hpp"
#include "tequio/detail/sync/futex.hpp"
#include "workers/child_start.hpp"

namespace tequio {
namespace {

using detail::parents_descriptor;
using detail::pipe_ends;

constexpr std::size_t largest_read = 65536;

// The system ends a text at its first null character.
void require_whole(const std::string& text, const char* what) {
  if (text.find('\0') == std::string::npos) return;
  throw tequio::error({.object = std::string(what) + " \"" + text.c_str() + '"',
                       .problem = "holds a null character, behind which a program would not see it",
                       .cure = "give such bytes as its input"});
}

void require_variable(const std::string& text) {
  require_whole(text, "variable");
  if (const std::size_t end = text.find('='); end == 0 || end == std::string::npos)
    throw tequio::error(
        {.object = "variable \"" + text + '"', .problem = "does not say what it is to be", .cure = "write NAME=value"});
}

// Our end of one of the program's streams.
parents_descriptor own_end(descriptor file) {
  system::check("stream of a program", "cannot be prepared",
                [&] { return ::fcntl(file.number(), F_SETFL, ::fcntl(file.number(), F_GETFL) | O_NONBLOCK); });
  return parents_descriptor(std::move(file));
}

// One run from its start to its end.
class run_of_command {
 public:
  run_of_command(const std::vector<std::string>& words, const command_options& options);
  run_of_command(const run_of_command&) = delete;
  run_of_command& operator=(const run_of_command&) = delete;
  ~run_of_command();

  [[nodiscard]] command_result watch();

 private:
  void start(const std::vector<std::string>& words, const pipe_ends& in, const pipe_ends& out, const pipe_ends& error);
  void wait();
  void write_input();
  static std::size_t read_some(std::string& text, parents_descriptor& file, std::size_t most);
  void end_early(bool& reason);
  [[nodiscard]] int milliseconds_left() const;

  const command_options& m_options;
  std::string m_program;
  std::string_view m_input;
  detail::deadline::clock::time_point m_until;
  parents_descriptor m_in{};
  parents_descriptor m_out{};
  parents_descriptor m_error{};
  parents_descriptor m_process{};
  bool m_ended = false;
  command_result m_result{};
};

run_of_command::run_of_command(const std::vector<std::string>& words, const command_options& options)
    : m_options(options),
      m_program("program \"" + words.front() + '"'),
      m_input(options.input),
      m_until((options.timeout ? detail::deadline_after(*options.timeout) : detail::no_deadline).time) {
  pipe_ends in = detail::make_pipe("standard input of " + m_program);
  pipe_ends out = detail::make_pipe("standard output of " + m_program);
  pipe_ends error = detail::make_pipe("standard error of " + m_program);
  start(words, in, out, error);
  m_in = own_end(std::move(in.write));
  m_out = own_end(std::move(out.read));
  m_error = own_end(std::move(error.read));
}

void run_of_command::start(const std::vector<std::string>& words, const pipe_ends& in, const pipe_ends& out,
                           const pipe_ends& error) {
  const std::filesystem::path& folder = m_options.folder;
  require_whole(folder.string(), "folder");
  if (!folder.empty() && !std::filesystem::is_directory(folder))
    throw tequio::error(
        {.object = folder.string(), .problem = "no folder to run " + m_program + " in", .cure = "check the path"});
  detail::environment variables;
  for (const std::string& variable : m_options.environment) {
    require_variable(variable);
    variables.set(variable);
  }
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const std::string& word : words) {
    require_whole(word, "word");
    arguments.push_back(const_cast<char*>(word.c_str()));
  }
  arguments.push_back(nullptr);
  // the thread that starts the program waits for its end, so the program is killed with the whole process and not
  // before
  const pid_t pid = detail::fork_exec({.words = arguments.data(),
                                       .environment = variables.entries(),
                                       .folder = folder.empty() ? nullptr : folder.c_str(),
                                       .streams = {in.read.number(), out.write.number(), error.write.number()}});
  if (pid == -1 && errno == ENOENT)
    throw system::failure(m_program, "is not there", "install it, or give its whole path");
  if (pid == -1) throw system::failure(m_program, "cannot be run", system::cure_of_limit(errno));
  try {
    const auto file = system::retry([&] { return ::syscall(SYS_pidfd_open, pid, 0); });
    if (file == -1 && errno == ESRCH) return;  // it has ended, and another wait() took its status
    if (file == -1) throw system::failure(m_program, "cannot be watched", system::cure_of_limit(errno));
    m_process = parents_descriptor(descriptor(static_cast<int>(file)));
  } catch (...) {
    ::kill(pid, SIGKILL);
    system::retry([&] { return ::waitpid(pid, nullptr, 0); });
    throw;
  }
}

// After an exception in between: the program would never be waited for.
run_of_command::~run_of_command() {
  if (m_ended || !m_process) return;
  detail::send_signal(m_process.number(), SIGKILL);
  static_cast<void>(detail::reap(m_process.number()));
}

command_result run_of_command::watch() {
  wait();
  // other holders of the write ends are not waited for
  system::read_waiting(m_out.number(), [&](std::size_t most) { return read_some(m_result.output, m_out, most); });
  system::read_waiting(m_error.number(), [&](std::size_t most) { return read_some(m_result.error, m_error, most); });
  const detail::exit_info how = m_process ? detail::reap(m_process.number()) : detail::exit_info{.known = false};
  m_ended = true;
  if (how.signal != 0)
    m_result.status = {.state = worker_state::killed, .signal = how.signal};
  else
    m_result.status = {.state = how.known ? worker_state::exited : worker_state::unknown, .exit_code = how.exit_code};
  return std::move(m_result);
}

// Waits for the streams and serves them until the program has ended.
void run_of_command::wait() {
  const descriptor bell = m_options.stop.stop_possible() ? detail::make_bell() : descriptor();
  const std::stop_callback on_stop(m_options.stop, [&] {
    if (bell) detail::ring(bell);
  });
  while (m_process) {
    if (m_input.empty()) m_in.close();
    // closed descriptors are -1, which poll() ignores
    std::array<pollfd, 5> set{{{m_process.number(), POLLIN, 0},
                               {m_in.number(), POLLOUT, 0},
                               {m_out.number(), POLLIN, 0},
                               {m_error.number(), POLLIN, 0},
                               {m_result.stopped ? -1 : bell.number(), POLLIN, 0}}};
    const int ready = ::poll(set.data(), set.size(), milliseconds_left());
    if (ready == -1 && errno != EINTR) throw system::failure(m_program, "cannot be watched");
    if (ready == -1) continue;
    if (set[1].revents != 0) write_input();
    if (set[2].revents != 0) static_cast<void>(read_some(m_result.output, m_out, largest_read));
    if (set[3].revents != 0) static_cast<void>(read_some(m_result.error, m_error, largest_read));
    if (set[0].revents != 0) return;
    if (set[4].revents != 0) end_early(m_result.stopped);
    if (std::chrono::steady_clock::now() >= m_until && !m_result.timed_out) end_early(m_result.timed_out);
  }
}

void run_of_command::write_input() {
  const system::no_broken_pipe quiet;
  while (!m_input.empty()) {
    const auto count = system::retry([&] { return ::write(m_in.number(), m_input.data(), m_input.size()); });
    if (count < 0) {
      if (errno != EAGAIN) m_input = {};  // it reads no more
      return;
    }
    m_input.remove_prefix(static_cast<std::size_t>(count));
  }
}

// Makes one read, so that a program which never stops writing cannot delay the timeout. Closes the file at its end.
std::size_t run_of_command::read_some(std::string& text, parents_descriptor& file, std::size_t most) {
  const std::optional<std::size_t> count = system::read_available(file.number(), text, most);
  if (!count) file.close();
  return count.value_or(0);
}

void run_of_command::end_early(bool& reason) {
  reason = true;
  detail::send_signal(m_process.number(), SIGKILL);
}

int run_of_command::milliseconds_left() const {
  if (m_until == detail::no_deadline.time || m_result.timed_out) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(m_until - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1 << 30));
}

}  // namespace

command::command(std::vector<std::string> words) : m_words(std::move(words)) {
  if (m_words.empty() || m_words.front().empty())
    throw error({.object = "command", .problem = "no program is named", .cure = "give its name as the first word"});
}

command_result command::run(const command_options& options) const { return run_of_command(m_words, options).watch(); }

}  // namespace tequio
