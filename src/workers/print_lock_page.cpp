// SPDX-License-Identifier: MIT
#include "workers/print_lock_page.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <new>
#include <utility>

#include "tequio/detail/base/page.hpp"

namespace tequio::detail {
namespace {

struct mapped_page {
  print_lock_page* place = nullptr;
  int file = -1;  // kept open until the process ends
  ino_t identity = 0;
};

ino_t identity_of_file(int file) noexcept {
  struct stat found {};
  return ::fstat(file, &found) == 0 ? found.st_ino : 0;
}

// No step may end the process: a file that grows beyond its limit would, and a touch of a page without memory.
int make_file() noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur < page_bytes) return -1;
  const int low = ::memfd_create("output", MFD_CLOEXEC);
  if (low == -1) return -1;
  // the standard streams may have been closed when the program started
  const int file = low > STDERR_FILENO ? low : ::fcntl(low, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  if (file != low) ::close(low);
  if (file == -1 || ::fallocate(file, 0, 0, page_bytes) == 0) return file;
  ::close(file);
  return -1;
}

mapped_page make_page() noexcept {
  const int file = make_file();
  void* const place =
      ::mmap(nullptr, page_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | (file == -1 ? MAP_ANONYMOUS : 0), file, 0);
  static print_lock_page own;  // without a shared page at least the threads have a lock
  return {place != MAP_FAILED ? new (place) print_lock_page : &own, file, identity_of_file(file)};
}

mapped_page& this_image() noexcept {
  static mapped_page made = make_page();
  return made;
}

// Made before any fork.
[[maybe_unused]] const mapped_page& made_early = this_image();

}  // namespace

print_lock_page& print_lock_page::here() noexcept { return *this_image().place; }

int print_lock_page::file() noexcept {
  const mapped_page& own = this_image();
  // the program may have closed all descriptors, and the number may name another file
  return identity_of_file(own.file) == own.identity ? own.file : -1;
}

void print_lock_page::attach(int file) noexcept {
  ::fcntl(file, F_SETFD, FD_CLOEXEC);
  void* const place = ::mmap(nullptr, page_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (place == MAP_FAILED) return;
  const mapped_page before =
      std::exchange(this_image(), {static_cast<print_lock_page*>(place), file, identity_of_file(file)});
  if (before.file != -1) ::close(before.file);
}

}  // namespace tequio::detail
