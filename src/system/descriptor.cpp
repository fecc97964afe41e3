// SPDX-License-Identifier: MIT
#include "tequio/descriptor.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "system/system.hpp"

namespace tequio {
namespace {

std::string cure_of_opening(int code) {
  switch (code) {
    case ENOENT:
    case ENOTDIR:
      return "check the path";
    case EACCES:
      return "ask its owner for the right to read it";
    default:
      return system::cure_of_limit(code);
  }
}

}  // namespace

descriptor& descriptor::operator=(descriptor&& other) noexcept {
  if (this != &other) {
    close();
    m_number = std::exchange(other.m_number, -1);
  }
  return *this;
}

void descriptor::close() noexcept {
  // not retried on EINTR: Linux has released the number by then
  if (m_number >= 0) ::close(std::exchange(m_number, -1));
}

descriptor open_for_reading(const std::string& path) {
  const int number = system::retry([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); });
  if (number == -1) throw system::failure(path, "cannot be opened", cure_of_opening(errno));
  return system::above_standard_streams(descriptor(number));
}

std::size_t read_full(const descriptor& file, std::span<std::byte> bytes, const std::string& object) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto count = system::check(object, "cannot be read",
                                     [&] { return ::read(file.number(), bytes.data() + done, bytes.size() - done); });
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

std::size_t read_full_at(const descriptor& file, std::span<std::byte> bytes, std::uint64_t offset,
                         const std::string& object) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto count = system::check(object, "cannot be read", [&] {
      return ::pread(file.number(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
    });
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

void write_full(const descriptor& file, std::span<const std::byte> bytes, const std::string& object) {
  if (!system::write_all(file.number(), bytes)) throw system::failure(object, "cannot be written");
}

}  // namespace tequio
