// SPDX-License-Identifier: MIT
#include "system/system.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace tequio::system {

descriptor above_standard_streams(descriptor file) {
  if (file.number() > STDERR_FILENO) return file;
  return descriptor(check("descriptor", "cannot be duplicated",
                          [&] { return ::fcntl(file.number(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1); }));
}

bool write_all(int file, std::span<const std::byte> bytes) noexcept {
  while (!bytes.empty()) {
    const auto count = retry([&] { return ::write(file, bytes.data(), bytes.size()); });
    if (count >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {
      pollfd room{file, POLLOUT, 0};
      static_cast<void>(retry([&] { return ::poll(&room, 1, -1); }));
    } else {
      return false;
    }
  }
  return true;
}

std::optional<std::size_t> read_available(int pipe, std::string& text, std::size_t most) {
  std::array<char, 65536> buffer;
  const auto count = retry([&] { return ::read(pipe, buffer.data(), std::min(most, buffer.size())); });
  if (count == -1 && errno == EAGAIN) return 0;
  if (count <= 0) return std::nullopt;
  text.append(buffer.data(), static_cast<std::size_t>(count));
  return static_cast<std::size_t>(count);
}

std::size_t bytes_waiting(int pipe) noexcept {
  int count = 0;
  return ::ioctl(pipe, FIONREAD, &count) == 0 && count > 0 ? static_cast<std::size_t>(count) : 0;
}

}  // namespace tequio::system
