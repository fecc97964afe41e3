// SPDX-License-Identifier: MIT
#include "tequio/print.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>

#include "system/no_broken_pipe.hpp"
#include "system/system.hpp"
#include "tequio/descriptor.hpp"
#include "tequio/detail/sync/robust_lock.hpp"
#include "tequio/this_worker.hpp"
#include "workers/print_lock_page.hpp"

namespace tequio {
namespace {

std::atomic<line_tag> chosen_tag{line_tag::none};

class print_lock {
 public:
  // the calling thread may hold it already: a stream that prints when it is flushed, a signal handler
  explicit print_lock(detail::robust_lock& lock) noexcept
      : m_lock(lock), m_mine(lock.lock() == detail::lock_result::mine) {}
  print_lock(const print_lock&) = delete;
  print_lock& operator=(const print_lock&) = delete;
  ~print_lock() {
    if (!m_mine) m_lock.unlock();
  }
  [[nodiscard]] bool is_inside_another() const noexcept { return m_mine; }

 private:
  detail::robust_lock& m_lock;
  bool m_mine;
};

// Writes out the buffers of this process first; a failure here shows again in the write that follows.
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

// A file in one word, which is never 0.
std::uint64_t word_of(const struct stat& file) { return (file.st_dev << 40U ^ file.st_ino) | 1U << 31U; }

// The place that notes the file as begun, or a free one, or else the first: the latest files matter.
std::atomic<std::uint64_t>& place_for(std::uint64_t file, detail::print_lock_page& page) {
  auto& begun = page.begun;
  const auto named = [](const std::atomic<std::uint64_t>& place) { return place.load(std::memory_order_relaxed); };
  auto found = std::ranges::find(begun, file, named);
  if (found == begun.end()) found = std::ranges::find(begun, 0U, named);
  return found != begun.end() ? *found : begun.front();
}

// Whether the file's last byte ends a line. A pipe or a terminal does not tell, so: no.
bool ends_a_line(int file, const struct stat& found) {
  if (!S_ISREG(found.st_mode)) return false;
  const bool at_its_end = (::fcntl(file, F_GETFL) & O_APPEND) != 0;
  const off_t end = at_its_end ? found.st_size : ::lseek(file, 0, SEEK_CUR);
  const std::string for_reading = fmt::format("/proc/self/fd/{}", file);
  const descriptor readable(::open(for_reading.c_str(), O_RDONLY | O_CLOEXEC));
  char last = 0;
  return end == 0 || (::pread(readable.number(), &last, 1, end - 1) == 1 && last == '\n');
}

// Called with the lock held.
// Invariant: a file that a process may have left within a line is noted as begun. One write of a short text into a pipe
//            is done or not done, so it is never noted.
bool write_lines(detail::print_lock_page& page, int file, std::string text) {
  struct stat found {};
  if (::fstat(file, &found) != 0) return false;
  const std::uint64_t identity = word_of(found);
  std::atomic<std::uint64_t>& begun = place_for(identity, page);
  if (begun.load(std::memory_order_relaxed) == identity && !ends_a_line(file, found)) text.insert(0, 1, '\n');
  if (!S_ISFIFO(found.st_mode) || text.size() > PIPE_BUF) begun.store(identity, std::memory_order_relaxed);
  if (!system::write_all(file, text)) return false;
  if (begun.load(std::memory_order_relaxed) == identity) begun.store(0, std::memory_order_relaxed);
  return true;
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

// The text is formatted before the lock is taken: a formatter may print, fail or take long.
void detail::print(std::FILE* stream, fmt::string_view format, fmt::format_args arguments, std::string_view end) {
  std::string text = fmt::vformat(format, arguments);
  text += end;
  if (chosen_tag.load(std::memory_order_relaxed) == line_tag::worker_name) text = tagged(text);
  const int file = ::fileno(stream);
  print_lock_page& page = print_lock_page::here();
  const print_lock held(page.lock);
  const system::no_broken_pipe quiet;
  flush(stream);
  const bool written =
      held.is_inside_another() ? system::write_all(file, text) : write_lines(page, file, std::move(text));
  if (!written) throw failed(file);
}

}  // namespace tequio
