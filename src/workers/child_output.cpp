// SPDX-License-Identifier: MIT
#include "workers/child_output.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "system/exit_info.hpp"
#include "system/system.hpp"
#include "workers/line_tagger.hpp"
#include "workers/result_file.hpp"

namespace tequio::detail {
namespace {

constexpr std::size_t longest_last_line = 400;

descriptor duplicate(const descriptor& file) {
  return descriptor(system::check("output of a process", "cannot be duplicated",
                                  [&] { return ::fcntl(file.number(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1); }));
}

std::uint64_t size_of(int file) {
  struct stat found {};
  return ::fstat(file, &found) == 0 ? static_cast<std::uint64_t>(found.st_size) : 0;
}

}  // namespace

child_output::child_output(output_mode mode, const std::string& name) {
  if (mode == output_mode::tagged) start_tagging(name);
  if (mode != output_mode::captured) return;
  m_out = make_result_file();
  m_kept = parents_descriptor(duplicate(m_out));
}

void child_output::start_tagging(const std::string& name) {
  pipe_ends out = make_pipe("output of a process");
  pipe_ends errors = make_pipe("output of a process");
  pipe_ends ended = make_pipe("output of a process");
  m_ended = parents_descriptor(std::move(ended.write));
  m_tagger = fork_child("tagger of output", {.writes = false}, [&] {
    out.write.close();
    errors.write.close();
    ::signal(SIGPIPE, SIG_IGN);
    std::array streams{tagged_stream{std::move(out.read), descriptor(STDOUT_FILENO)},
                       tagged_stream{std::move(errors.read), descriptor(STDERR_FILENO)}};
    tag_lines(streams, ended.read, "[" + name + "] ");
  });
  m_out = std::move(out.write);
  m_error = std::move(errors.write);
}

void take_over(const output_streams& streams) noexcept {
  if (streams.out == -1) return;
  ::dup2(streams.out, STDOUT_FILENO);
  ::dup2(streams.error, STDERR_FILENO);
  // by lines as on a terminal: a crash loses no finished line; with a new buffer, because a stream in use keeps the
  // ways of its old one
  static char buffer[BUFSIZ];
  static_cast<void>(std::setvbuf(stdout, buffer, _IOLBF, sizeof buffer));
}

void child_output::started() noexcept {
  m_out.close();
  m_error.close();
}

void child_output::finish() noexcept {
  started();
  if (!m_tagger.process) return;
  m_ended.close();
  static_cast<void>(reap(m_tagger.process.number()));
  m_tagger = {};
}

std::string child_output::captured() const {
  return m_kept ? read_from(m_kept.number(), 0, size_of(m_kept.number())) : std::string();
}

std::string child_output::last_line() const {
  if (!m_kept) return {};
  const std::uint64_t size = size_of(m_kept.number());
  std::string text = read_from(m_kept.number(), size - std::min<std::uint64_t>(size, 4 * longest_last_line), size);
  text.resize(text.find_last_not_of(" \r\n\t") + 1);
  if (const std::size_t end = text.rfind('\n'); end != std::string::npos) text.erase(0, end + 1);
  if (text.size() > longest_last_line) text.resize(longest_last_line);
  return text;
}

}  // namespace tequio::detail
