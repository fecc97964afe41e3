// SPDX-License-Identifier: MIT
#include "tequio/print.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <iostream>
#include <new>
#include <string>
#include <string_view>

#include "no_broken_pipe.hpp"
#include "system.hpp"
#include "tequio/detail/robust_lock.hpp"
#include "tequio/this_worker.hpp"

namespace tequio {
namespace {

// One for a program and all it forks.
struct output_state {
  detail::robust_lock lock{};
  // of standard output, of standard error, of others: changed under the lock. Set where who held the lock died between
  // its first and its last byte.
  std::atomic<bool> line_is_open[3]{};
};

output_state& shared_output() {
  static output_state* const state = [] {
    void* const page = ::mmap(nullptr, sizeof(output_state), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    static output_state own;  // without a page for all, at least for the threads
    return page != MAP_FAILED ? new (page) output_state : &own;
  }();
  return *state;
}

// Made before any fork.
[[maybe_unused]] const output_state& made_early = shared_output();

std::atomic<line_tag> chosen_tag{line_tag::none};

class output_lock {
 public:
  // the calling thread may have it already: a stream of its own that prints when it is flushed, a signal handler
  explicit output_lock(output_state& output) noexcept
      : m_output(output), m_mine(output.lock.lock() == detail::lock_result::mine) {}
  output_lock(const output_lock&) = delete;
  output_lock& operator=(const output_lock&) = delete;
  ~output_lock() {
    if (!m_mine) m_output.lock.unlock();
  }
  [[nodiscard]] bool is_inside_another() const noexcept { return m_mine; }

 private:
  output_state& m_output;
  bool m_mine;
};

// What this process gave to its streams goes out first; where that fails, so will what follows.
void flush(std::FILE* stream) {
  if (stream == stdout) std::cout.flush();
  if (stream == stderr) std::clog.flush();
  std::fflush(stream);
}

std::string tagged(std::string_view text) {
  const std::string tag = "[" + this_worker::name() + "] ";
  std::string all;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    all.append(tag).append(text.substr(0, end));
    text.remove_prefix(end);
  }
  return all;
}

error failed(int file) {
  const char* const object = file == STDOUT_FILENO   ? "standard output"
                             : file == STDERR_FILENO ? "standard error"
                                                     : "file";
  switch (errno) {
    case EPIPE:
      return system::failure(object, "cannot be written", "its reader is gone; stop printing");
    case EBADF:
      return system::failure(object, "cannot be written", "it is closed; redirect it to /dev/null");
    default:
      return system::failure(object, "cannot be written");
  }
}

}  // namespace

void tag_lines(line_tag tag) noexcept { chosen_tag.store(tag, std::memory_order_relaxed); }

// Formatted before the lock is taken: a formatter may print, fail or take long.
void detail::print(std::FILE* stream, fmt::string_view format, fmt::format_args arguments, std::string_view end) {
  std::string text = fmt::vformat(format, arguments);
  text += end;
  if (chosen_tag.load(std::memory_order_relaxed) == line_tag::worker_name) text = tagged(text);
  const int file = ::fileno(stream);
  output_state& output = shared_output();
  const output_lock held(output);
  const system::no_broken_pipe quiet;
  std::atomic<bool>& line_is_open = output.line_is_open[std::clamp(file - STDOUT_FILENO, 0, 2)];
  const bool left_open = line_is_open.exchange(true, std::memory_order_relaxed) && !held.is_inside_another();
  flush(stream);
  const bool written = (!left_open || system::write_all(file, "\n")) && system::write_all(file, text);
  line_is_open.store(false, std::memory_order_relaxed);
  if (!written) throw failed(file);
}

}  // namespace tequio
