// SPDX-License-Identifier: MIT
#include "tequio/named_memory.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <filesystem>
#include <optional>
#include <utility>

#include "system/file_memory.hpp"
#include "system/system.hpp"

namespace tequio {
namespace {

namespace fs = std::filesystem;

// The folder of shm_open() on Linux.
const char* const folder = "/dev/shm";

std::string title(std::string_view name) { return fmt::format("named memory \"{}\"", name); }
std::string path_of(const std::string& name) { return fmt::format("{}/{}", folder, name); }

std::string checked_name(std::string_view name) {
  const std::string_view bare = name.substr(std::min(name.find_first_not_of('/'), name.size()));
  const auto refuse = [&](std::string problem, std::string cure) {
    throw error(
        {.object = title(name.substr(0, name.find('\0'))), .problem = std::move(problem), .cure = std::move(cure)});
  };
  if (bare.empty() || bare == "." || bare == "..") refuse("no name", "give it a name such as \"results\"");
  if (bare.find('/') != bare.npos) refuse("a slash within the name", "use a name without folders");
  if (bare.find('\0') != bare.npos) refuse("a zero byte within the name", "use printable characters");
  if (bare.size() > NAME_MAX)
    refuse(fmt::format("a name of {} bytes", bare.size()), fmt::format("use {} at most", NAME_MAX));
  return std::string(bare);
}

void check_size(const std::string& name, std::size_t size) {
  if (size == 0) throw error({.object = title(name), .problem = "a size of 0 bytes", .cure = "ask for one at least"});
  if (size > static_cast<std::size_t>(PTRDIFF_MAX))
    throw error({.object = title(name),
                 .problem = fmt::format("a size of {} bytes, or a negative one", size),
                 .cure = "check how it was computed"});
  // growing a file beyond this limit ends the process (SIGXFSZ)
  rlimit limit{};
  if (::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && size > limit.rlim_cur)
    throw error({.object = title(name),
                 .problem = fmt::format("{} bytes wanted where files may have {}", size, limit.rlim_cur),
                 .cure = "raise `ulimit -f`"});
}

void give_memory(const std::string& name, int file, std::size_t size) {
  struct statvfs room {};
  ::fstatvfs(file, &room);
  system::give_memory(file, 0, size, title(name),
                      fmt::format("free memory: {} MiB are left in {}, named_memory::list() tells who has it",
                                  room.f_bavail * room.f_frsize >> 20U, folder));
}

error failed_to_open(const std::string& name) {
  switch (errno) {
    case ENOENT:
      return system::failure(
          title(name), "cannot be opened",
          "check the name, and that its maker still has it: named_memory::list() tells what there is");
    case EACCES:
      return system::failure(title(name), "cannot be opened", "only the user who made it may");
    default:
      return system::failure(title(name), "cannot be opened");
  }
}

std::optional<ino_t> file_under(const std::string& name) noexcept {
  const descriptor place(::open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC));
  struct stat status {};
  if (::fstatat(place.number(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return std::nullopt;
  return status.st_ino;
}

}  // namespace

// The file is made without a name and gets it when it is complete: no program sees it without its size, and a death
// before that leaves nothing.
named_memory named_memory::create(std::string_view name, std::size_t size, named_memory_options options) {
  const std::string bare = checked_name(name);
  check_size(bare, size);
  const auto descriptor = system::above_standard_streams(tequio::descriptor(system::check(
      folder, "cannot be used", [] { return ::open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR); })));
  const int file = descriptor.number();
  give_memory(bare, file, size);
  named_memory made = map(bare, file, size, true);
  const std::string nameless = fmt::format("/proc/self/fd/{}", file);
  if (::linkat(AT_FDCWD, nameless.c_str(), AT_FDCWD, path_of(bare).c_str(), AT_SYMLINK_FOLLOW) != 0)
    throw system::failure(title(bare), "cannot be made",
                          errno == EEXIST ? "open() it, or remove() it where its maker is gone" : "");
  if (options.name_lasts == name_lasts::until_destroyed) made.m_unlinker = ::getpid();
  return made;
}

named_memory named_memory::open(std::string_view name) {
  std::string bare = checked_name(name);
  const int number = system::retry([&] { return ::shm_open(bare.c_str(), O_RDWR, 0); });
  if (number == -1) throw failed_to_open(bare);
  const auto descriptor = system::above_standard_streams(tequio::descriptor(number));
  struct stat status {};
  system::check(title(bare), "cannot be examined", [&] { return ::fstat(descriptor.number(), &status); });
  if (!S_ISREG(status.st_mode) || status.st_size <= 0)
    throw error(
        {.object = title(bare),
         .problem = "no bytes in it",
         .cure = "its maker is at work on it, or died before it gave it a size: open() it again, or remove() it"});
  const auto size = static_cast<std::size_t>(status.st_size);
  give_memory(bare, descriptor.number(), size);
  return map(std::move(bare), descriptor.number(), size, false);
}

named_memory named_memory::open_or_create(std::string_view name, std::size_t size, named_memory_options options) {
  const std::string bare = checked_name(name);
  check_size(bare, size);
  // another program may make or remove it between the two attempts: then both are repeated
  for (;;) {
    if (!file_under(bare)) {
      try {
        return create(bare, size, options);
      } catch (const error& refused) {
        if (refused.code() != std::errc::file_exists) throw;
      }
    }
    try {
      named_memory opened = open(bare);
      if (opened.size() >= size) return opened;
      throw error({.object = title(bare),
                   .problem = fmt::format("{} bytes wanted of one that has {}", size, opened.size()),
                   .cure = "ask for no more, or remove() it first"});
    } catch (const error& refused) {
      if (refused.code() != std::errc::no_such_file_or_directory) throw;
    }
  }
}

bool named_memory::remove(std::string_view name) {
  const std::string bare = checked_name(name);
  if (::shm_unlink(bare.c_str()) == 0) return true;
  if (errno == ENOENT) return false;
  throw system::failure(title(bare), "cannot be removed", "only the user who made it may");
}

std::vector<named_memory_entry> named_memory::list() {
  std::vector<named_memory_entry> found;
  std::error_code unreadable;
  for (const auto& file : fs::directory_iterator(folder, unreadable)) {
    struct stat status {};
    const std::string name = file.path().filename();
    if (::lstat(file.path().c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;  // it may be gone by now
    if (name.starts_with("sem.")) continue;                                                // a named semaphore
    found.push_back({name, static_cast<std::size_t>(status.st_size), status.st_uid});
  }
  std::ranges::sort(found, {}, &named_memory_entry::name);
  return found;
}

named_memory named_memory::map(std::string name, int file, std::size_t size, bool created) {
  struct stat status {};
  system::check(title(name), "cannot be examined", [&] { return ::fstat(file, &status); });
  void* const base = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (base == MAP_FAILED)
    throw system::failure(title(name), fmt::format("{} bytes cannot be mapped", size), "raise `ulimit -v`");
  return {std::move(name), {static_cast<std::byte*>(base), size}, created, status.st_ino};
}

named_memory::named_memory(std::string name, std::span<std::byte> bytes, bool created, ino_t file) noexcept
    : m_name(std::move(name)), m_bytes(bytes), m_created(created), m_file(file) {}

named_memory::named_memory(named_memory&& other) noexcept
    : m_name(std::move(other.m_name)),
      m_bytes(std::exchange(other.m_bytes, {})),
      m_created(std::exchange(other.m_created, false)),
      m_file(other.m_file),
      m_unlinker(std::exchange(other.m_unlinker, 0)) {}

named_memory& named_memory::operator=(named_memory&& other) noexcept {
  if (this != &other) {
    close();
    m_name = std::move(other.m_name);
    m_bytes = std::exchange(other.m_bytes, {});
    m_created = std::exchange(other.m_created, false);
    m_file = other.m_file;
    m_unlinker = std::exchange(other.m_unlinker, 0);
  }
  return *this;
}

named_memory::~named_memory() { close(); }

void named_memory::close() noexcept {
  if (m_bytes.empty()) return;
  if (m_unlinker == ::getpid()) unlink();
  ::munmap(m_bytes.data(), m_bytes.size());
  m_bytes = {};
}

void named_memory::unlink() noexcept {
  m_unlinker = 0;
  if (file_under(m_name) == m_file) ::shm_unlink(m_name.c_str());
}

std::span<std::byte> named_memory::checked(std::size_t offset, std::size_t alignment) const {
  if (offset > m_bytes.size() || offset % alignment != 0)
    throw error({.object = title(m_name),
                 .problem = fmt::format("a view from byte {} of {}", offset, m_bytes.size()),
                 .cure = fmt::format("start inside it, at a multiple of {}", alignment)});
  return m_bytes.subspan(offset);
}

}  // namespace tequio
