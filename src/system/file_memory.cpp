// SPDX-License-Identifier: MIT
#include "system/file_memory.hpp"

#include <fcntl.h>
#include <fmt/core.h>

#include <algorithm>
#include <limits>

#include "system/blocked_signals.hpp"
#include "system/cgroup.hpp"
#include "system/small_file.hpp"
#include "system/system.hpp"

namespace tequio::system {
namespace {

// Memory that can be committed before the kernel's out-of-memory killer ends a process. A file in memory has no limit
// of its own, or a larger one, so that a request for more would not fail but call that killer.
std::uint64_t available_memory() {
  constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();
  const auto kibibytes = small_file::value_of(small_file::read("/proc/meminfo"), "MemAvailable");
  return std::min(kibibytes ? *kibibytes * 1024 : unlimited,
                  cgroup::read_limits().memory_available.value_or(unlimited));
}

// For less the two files are not read: a request costs less than the reading.
constexpr std::size_t worth_asking = std::size_t{16} << 20;
constexpr std::size_t largest_piece = std::size_t{64} << 20;

}  // namespace

bool is_in_memory(int file) noexcept { return ::fcntl(file, F_GET_SEALS) != -1; }

void give_memory(int file, std::uint64_t start, std::size_t size, const std::string& object, const std::string& cure) {
  if (!is_in_memory(file))
    throw error({.object = object,
                 .problem = "has no memory any more, for somebody has closed its descriptor",
                 .cure = "close only descriptors that you opened"});
  if (size >= worth_asking) {
    if (const std::uint64_t available = available_memory(); size > available)
      throw error(
          {.object = object,
           .problem = fmt::format("{} MiB wanted where {} MiB of memory are available", size >> 20U, available >> 20U),
           .cure = cure});
  }
  // many kernels undo a fallocate() that a signal interrupts: under a fast timer a large one would never end. It is
  // done in pieces of 64 MiB, so that a signal waits for one piece at most.
  for (std::size_t done = 0; done < size; done += std::min(size - done, largest_piece)) {
    const blocked_signals undisturbed;
    const auto from = static_cast<off_t>(start + done);
    const auto piece = static_cast<off_t>(std::min(size - done, largest_piece));
    if (retry([&] { return ::fallocate(file, 0, from, piece); }) != 0)
      throw failure(object, fmt::format("{} bytes cannot be allocated", size), cure);
  }
}

}  // namespace tequio::system
