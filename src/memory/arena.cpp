// SPDX-License-Identifier: MIT
#include "tequio/detail/memory/arena.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <map>
#include <mutex>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "system/file_memory.hpp"
#include "system/spawned_image.hpp"
#include "system/system.hpp"
#include "tequio/detail/base/cache_line.hpp"
#include "tequio/detail/base/page.hpp"

namespace tequio::detail {
namespace {

constexpr std::size_t smallest_capacity = std::size_t{1} << 26;
#ifdef __SANITIZE_THREAD__
constexpr std::size_t largest_capacity = std::size_t{1} << 36;  // its shadow leaves little address space
#else
constexpr std::size_t largest_capacity = std::size_t{1} << 44;
#endif
// Far from the usual places of programs, heaps, libraries and sanitizers' shadows: a spawned image of the program finds
// these addresses free and can map an arena at the same one. A program takes the first, a child that it forks the next.
#ifdef __SANITIZE_THREAD__
constexpr std::array<std::uintptr_t, 1> usual_bases{0};
#else
constexpr std::array<std::uintptr_t, 4> usual_bases{std::uintptr_t{2} << 44U, std::uintptr_t{3} << 44U,
                                                    std::uintptr_t{4} << 44U, 0};  // 0: anywhere
#endif
// In a spawned image static objects may make an arena before worker_main(): it stands behind those that the image will
// map there.
std::span<const std::uintptr_t> places_to_try() {
  const std::size_t given = arenas_to_come();
  return std::span(usual_bases).subspan(std::min(given, usual_bases.size() - 1));
}
constexpr const char* object = "shared memory";  // no std::string: static objects elsewhere may make an arena first

// `size` in whole units, one at least; a size that no arena has stays too large.
std::size_t whole(std::size_t size, std::size_t unit) {
  return detail::aligned(std::clamp<std::size_t>(size, 1, PTRDIFF_MAX), unit);
}

// Growing a file past RLIMIT_FSIZE ends the process (SIGXFSZ), so the limit is asked first.
std::size_t file_size_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return largest_capacity;
  return std::min<std::size_t>(largest_capacity, limit.rlim_cur / page_bytes * page_bytes);
}

}  // namespace

struct arena::state {
  pid_t process = ::getpid();
  descriptor file{};
  std::byte* base = nullptr;
  std::size_t capacity = 0;
  std::mutex guard{};
  std::map<std::size_t, std::size_t> free{};  // offset to size; neighbours are merged
  // Free places of objects smaller than a page, by their size in cache lines. Pages that hold such objects are never
  // given back; their places are used again.
  std::array<std::vector<std::byte*>, page_bytes / detail::cache_line_bytes> places{};
  std::vector<arena_extent> object_pages{};
  std::size_t object_bytes = 0;  // the sum of the places in use
  arena* older = nullptr;        // the arena made before it, here or in a process that this one was forked from
};

namespace {
std::atomic<arena*> newest{nullptr};
}  // namespace

arena& arena::here() {
  static std::atomic<arena*> instance = new arena();  // leaked on purpose: extents in static objects may outlive it
  static std::atomic<pid_t> maker{0};  // no mutex: one of the parent's threads might have held it at the fork
  const pid_t self = ::getpid();
  for (;;) {
    if (arena* const found = instance.load(); found->m_state->process == self) return *found;
    // a forked child's own, made by one of its threads
    if (pid_t seen = maker.load(); seen == self || !maker.compare_exchange_strong(seen, self)) {
      ::sched_yield();
      continue;
    }
    struct done {
      ~done() { maker.store(0); }
    } const at_end;
    if (instance.load()->m_state->process != self) instance.store(new arena());
  }
}

arena& arena::of(const void* address) {
  const auto* const byte = static_cast<const std::byte*>(address);
  for (arena* one = newest.load(); one != nullptr; one = one->m_state->older)
    if (byte >= one->m_state->base && byte < one->m_state->base + one->m_state->capacity) return *one;
  throw error({.object = object,
               .problem = "not known to this process",
               .cure = "fork the process that uses it, or start it with a reference to what it uses"});
}

arena::arena() : m_state(std::make_unique<state>()) {
  m_state->file = system::above_standard_streams(descriptor(system::check(
      object, "cannot be made", [] { return ::memfd_create("tequio", MFD_CLOEXEC | MFD_ALLOW_SEALING); })));
  const int file = m_state->file.number();
  system::check(object, "cannot be kept private", [&] { return ::fchmod(file, S_IRUSR | S_IWUSR); });
  errno = EFBIG;  // the reason where the limit on files leaves no size to try
  // as much address space as the system and the limits of this process allow, at the usual place if that is free
  for (std::size_t size = file_size_limit(); size >= smallest_capacity; size = size / 2 / page_bytes * page_bytes)
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address is what is meant
    if (std::ranges::any_of(places_to_try(), [&](auto base) { return map_at(reinterpret_cast<void*>(base), size); }))
      break;
  if (m_state->base == nullptr)
    throw system::failure(object, fmt::format("no {} MiB of address space for it", smallest_capacity >> 20U),
                          "raise `ulimit -v` and `ulimit -f`");
  ::madvise(m_state->base, m_state->capacity, MADV_DONTDUMP);
  system::check(object, "cannot be sealed",
                [&] { return ::fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL); });
  m_state->free.emplace(0, m_state->capacity);
  make_known();
}

arena::arena(const whereabouts& other) : m_state(std::make_unique<state>()) {
  m_state->process = 0;
  m_state->file = descriptor(other.file);
  // NOLINTNEXTLINE(performance-no-int-to-ptr): an address is what is meant
  void* const base = ::mmap(reinterpret_cast<void*>(other.base), other.capacity, PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_NORESERVE | MAP_FIXED_NOREPLACE, other.file, 0);
  if (base == MAP_FAILED)
    throw system::failure(object, "another process's cannot be mapped where that has it",
                          "start the process by fork, or before the program maps much memory");
  m_state->base = static_cast<std::byte*>(base);
  m_state->capacity = other.capacity;
  ::madvise(m_state->base, m_state->capacity, MADV_DONTDUMP);
  make_known();
}

void arena::make_known() noexcept {
  arena* before = newest.load();
  do m_state->older = before;
  while (!newest.compare_exchange_weak(before, this));
}

std::vector<arena::whereabouts> arena::places() {
  std::vector<whereabouts> all;
  for (arena* one = newest.load(); one != nullptr; one = one->m_state->older) {
    const int file = one->m_state->file.number();
    if (!system::is_in_memory(file))
      throw error({.object = object,
                   .problem = "cannot be given to another process, for somebody has closed its descriptor",
                   .cure = "close only descriptors that you opened"});
    all.push_back({file, reinterpret_cast<std::uintptr_t>(one->m_state->base), one->m_state->capacity});
  }
  return all;
}

void arena::attach(const whereabouts& other) {
  static_cast<void>(new arena(other));  // leaked on purpose, as the arena of here() is
}

bool arena::map_at(void* wanted, std::size_t size) {
  const int file = m_state->file.number();
  if (::ftruncate(file, static_cast<off_t>(size)) != 0) return false;
  const int place = wanted != nullptr ? MAP_FIXED_NOREPLACE : 0;
  void* base = ::mmap(wanted, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE | place, file, 0);
  if (base == MAP_FAILED) return false;
  m_state->base = static_cast<std::byte*>(base);
  m_state->capacity = size;
  return true;
}

arena::~arena() { ::munmap(m_state->base, m_state->capacity); }

std::size_t arena::capacity() const noexcept { return m_state->capacity; }

std::size_t arena::largest_free() const {
  const std::scoped_lock lock(m_state->guard);
  std::size_t largest = 0;
  for (const auto& [offset, size] : m_state->free) largest = std::max(largest, size);
  return largest;
}

std::size_t arena::reserved() const {
  const std::scoped_lock lock(m_state->guard);
  const std::size_t taken = std::accumulate(m_state->free.begin(), m_state->free.end(), m_state->capacity,
                                            [](std::size_t left, const auto& range) { return left - range.second; });
  return taken - m_state->object_pages.size() * page_bytes + m_state->object_bytes;
}

arena_extent arena::reserve(std::size_t size) {
  size = whole(size, page_bytes);
  const std::scoped_lock lock(m_state->guard);
  const auto found = std::ranges::find_if(m_state->free, [&](const auto& range) { return range.second >= size; });
  if (found == m_state->free.end())
    throw error({.object = object,
                 .problem = fmt::format("{} MiB asked for, more than what is left of {} MiB of addresses", size >> 20U,
                                        m_state->capacity >> 20U),
                 .cure = "raise `ulimit -v` and `ulimit -f`"});
  const auto [offset, available] = *found;
  m_state->free.erase(found);
  if (available > size) m_state->free.emplace(offset + size, available - size);
  return arena_extent({m_state->base + offset, size}, *this);
}

arena_extent arena::allocate(std::size_t size) {
  constexpr std::size_t line = cache_line_bytes;
  size = whole(size, line);
  if (size >= page_bytes) {
    arena_extent pages = reserve(size);
    pages.commit(0, pages.size());
    return pages;
  }
  {
    const std::scoped_lock lock(m_state->guard);
    if (auto& places = m_state->places[size / line]; !places.empty()) {
      std::byte* const place = places.back();
      places.pop_back();
      m_state->object_bytes += size;
      std::memset(place, 0, size);
      return arena_extent({place, size}, *this);
    }
  }
  arena_extent fresh = reserve(page_bytes);
  fresh.commit(0, page_bytes);
  std::byte* const base = fresh.data();
  const std::scoped_lock lock(m_state->guard);
  auto& places = m_state->places[size / line];
  places.reserve(places.size() + page_bytes / size);
  for (std::size_t offset = size; offset + size <= page_bytes; offset += size) places.push_back(base + offset);
  m_state->object_pages.push_back(std::move(fresh));
  m_state->object_bytes += size;
  return arena_extent({base, size}, *this);
}

arena_extent::arena_extent(std::span<std::byte> bytes, arena& owner) noexcept
    : m_bytes(bytes), m_owner(&owner), m_process(::getpid()) {}

arena_extent::arena_extent(arena_extent&& other) noexcept
    : m_bytes(std::exchange(other.m_bytes, {})),
      m_owner(std::exchange(other.m_owner, nullptr)),
      m_process(std::exchange(other.m_process, 0)) {}

arena_extent& arena_extent::operator=(arena_extent&& other) noexcept {
  if (this != &other) {
    release(memory::perhaps);
    m_bytes = std::exchange(other.m_bytes, {});
    m_owner = std::exchange(other.m_owner, nullptr);
    m_process = std::exchange(other.m_process, 0);
  }
  return *this;
}

arena_extent::~arena_extent() { release(memory::perhaps); }

bool arena_extent::is_mine() const noexcept { return m_owner != nullptr && m_process == ::getpid(); }

void arena_extent::commit(std::size_t offset, std::size_t size) const {
  m_owner->commit(m_bytes.subspan(offset, size));
}

void arena::commit(std::span<std::byte> bytes) const {
  // where the program has closed the file, its mapping is still there
  if (!system::is_in_memory(m_state->file.number()) && ::madvise(bytes.data(), bytes.size(), MADV_POPULATE_WRITE) == 0)
    return;
  system::give_memory(m_state->file.number(), static_cast<std::size_t>(bytes.data() - m_state->base), bytes.size(),
                      object, "free memory, use fewer workers, or return less from each item");
}

void arena::take_back(std::span<std::byte> pages) const noexcept {
  if (!system::is_in_memory(m_state->file.number())) {  // another file may have the number, and must lose nothing
    ::madvise(pages.data(), pages.size(), MADV_REMOVE);
    return;
  }
  system::retry([&] {
    return ::fallocate(m_state->file.number(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                       static_cast<off_t>(pages.data() - m_state->base), static_cast<off_t>(pages.size()));
  });
}

void arena_extent::abandon() noexcept {
  if (!is_mine()) return;
  const std::scoped_lock lock(m_owner->m_state->guard);
  m_owner->m_state->object_bytes -= m_bytes.size();
  m_owner = nullptr;
}

void arena_extent::release(memory behind) noexcept {
  if (!is_mine()) return;  // a forked child only borrows what its parent has
  auto& owner = *m_owner->m_state;
  if (m_bytes.size() < page_bytes) {
    const std::scoped_lock lock(owner.guard);
    owner.places[m_bytes.size() / cache_line_bytes].push_back(m_bytes.data());
    owner.object_bytes -= m_bytes.size();
    m_owner = nullptr;
    return;
  }
  auto offset = static_cast<std::size_t>(m_bytes.data() - owner.base);
  std::size_t size = m_bytes.size();
  if (behind == memory::perhaps) m_owner->take_back(m_bytes);
  const std::scoped_lock lock(owner.guard);
  auto next = owner.free.lower_bound(offset);
  if (next != owner.free.end() && next->first == offset + size) {
    size += next->second;
    next = owner.free.erase(next);
  }
  if (next != owner.free.begin()) {
    const auto before = std::prev(next);
    if (before->first + before->second == offset) {
      before->second += size;
      m_owner = nullptr;
      return;
    }
  }
  owner.free.emplace_hint(next, offset, size);
  m_owner = nullptr;
}

}  // namespace tequio::detail
