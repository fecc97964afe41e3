// SPDX-License-Identifier: MIT
#include "support/tool/run_tool.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>

#include "support/longest_test.hpp"

namespace tequio::test {
namespace {

using clock = std::chrono::steady_clock;
constexpr auto longest_run = std::chrono::seconds(longest_helper);

struct pipe_ends {
  int read = -1;
  int write = -1;
};

pipe_ends make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("run_tool: no pipe");
  return {ends[0], ends[1]};
}

void close_end(int& end) {
  if (end >= 0) ::close(end);
  end = -1;
}

[[noreturn]] void become_tool(const std::vector<std::string>& arguments, const tool_options& options, int in, int out,
                              int err) {
  ::setpgid(0, 0);
  // what a shell would hand on: no signal ignored or blocked
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(signal, SIG_DFL);
  if (!options.folder.empty() && ::chdir(options.folder.c_str()) != 0) ::_exit(126);
  for (const std::string& pair : options.environment) ::putenv(const_cast<char*>(pair.c_str()));
  ::dup2(in, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  if (options.before) options.before();
  std::vector<char*> words{const_cast<char*>(TEQUIO_TOOL)};
  for (const std::string& word : arguments) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  ::execv(TEQUIO_TOOL, words.data());
  ::_exit(127);
}

/// Appends what has come; false at the end of the stream.
bool read_some(int stream, std::string& text) {
  std::array<char, 65536> buffer{};
  const ssize_t count = ::read(stream, buffer.data(), buffer.size());
  if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0 || (count < 0 && errno == EINTR);
}

}  // namespace

tool_process::tool_process(const std::vector<std::string>& arguments, const tool_options& options)
    : m_input(options.input) {
  ::signal(SIGPIPE, SIG_IGN);  // the tool need not read all of its input
  pipe_ends in = make_pipe();
  pipe_ends out = make_pipe();
  pipe_ends err = make_pipe();
  m_pid = ::fork();
  if (m_pid < 0) throw std::runtime_error("run_tool: no process");
  if (m_pid == 0) become_tool(arguments, options, in.read, out.write, err.write);
  ::setpgid(m_pid, m_pid);  // in both processes, so that it is done when either goes on
  close_end(in.read);
  close_end(out.write);
  close_end(err.write);
  m_in = in.write;
  m_out = out.read;
  m_err = err.read;
}

tool_process::~tool_process() {
  ::kill(-m_pid, SIGKILL);
  if (!m_waited) ::waitpid(m_pid, nullptr, 0);
  for (int* end : {&m_in, &m_out, &m_err}) close_end(*end);
}

std::vector<pid_t> tool_process::workers() const {
  const std::string number = std::to_string(m_pid);
  std::ifstream list("/proc/" + number + "/task/" + number + "/children");
  std::vector<pid_t> found;
  for (pid_t pid = 0; list >> pid;) found.push_back(pid);
  return found;
}

bool tool_process::ended() const {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(m_pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
}

void tool_process::send(int signal) const { ::kill(m_pid, signal); }

bool tool_process::has_heard() const {
  std::ifstream status("/proc/" + std::to_string(m_pid) + "/status");
  bool sleeps = false;
  std::uint64_t pending = 0;
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("State:")) sleeps = line.find('S', 6) != std::string::npos;
    if (line.starts_with("SigPnd:") || line.starts_with("ShdPnd:")) pending |= std::stoull(line.substr(7), nullptr, 16);
  }
  return sleeps && pending == 0;
}

void tool_process::read_streams() {
  const auto deadline = clock::now() + longest_run;
  while (m_out >= 0 || m_err >= 0) {
    if (m_input.empty()) close_end(m_in);
    std::array<pollfd, 3> set{{{m_out, POLLIN, 0}, {m_err, POLLIN, 0}, {m_in, POLLOUT, 0}}};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now()).count();
    const int ready = left > 0 ? ::poll(set.data(), set.size(), static_cast<int>(left)) : 0;
    if (ready == 0) {
      ::kill(-m_pid, SIGKILL);
      throw std::runtime_error("run_tool: the tool hangs; it had written:\n" + m_result.out + m_result.err);
    }
    if (set[0].revents != 0 && !read_some(m_out, m_result.out)) close_end(m_out);
    if (set[1].revents != 0 && !read_some(m_err, m_result.err)) close_end(m_err);
    if (set[2].revents == 0) continue;
    const ssize_t count = ::write(m_in, m_input.data(), m_input.size());
    if (count < 0)
      m_input.clear();
    else
      m_input.erase(0, static_cast<std::size_t>(count));
  }
}

tool_result tool_process::wait() {
  read_streams();
  int status = 0;
  rusage used{};
  ::wait4(m_pid, &status, 0, &used);
  m_result.peak_memory_bytes = static_cast<std::uint64_t>(used.ru_maxrss) * 1024;
  m_waited = true;
  if (WIFSIGNALED(status))
    m_result.signal = WTERMSIG(status);
  else
    m_result.exit_code = WEXITSTATUS(status);
  return m_result;
}

bool tool_process::left_nothing() const {
  return wait_until([this] { return ::kill(-m_pid, 0) != 0 && errno == ESRCH; });
}

tool_result run_tool(const std::vector<std::string>& arguments, const tool_options& options) {
  tool_process tool(arguments, options);
  tool_result result = tool.wait();
  if (!tool.left_nothing()) throw std::runtime_error("run_tool: the tool left processes behind");
  return result;
}

bool wait_until(const std::function<bool()>& condition) {
  const auto deadline = clock::now() + longest_run;
  while (!condition()) {
    if (clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream all(text);
  for (std::string line; std::getline(all, line);) lines.push_back(line);
  return lines;
}

}  // namespace tequio::test
