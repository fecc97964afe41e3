// SPDX-License-Identifier: MIT
#include "output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <span>
#include <system_error>
#include <utility>

#include "tequio/error.hpp"

namespace tequio::tool {
namespace {

constexpr std::size_t piece_bytes = std::size_t{1} << 20;

descriptor checked(int number, const std::string& object) {
  if (number < 0)
    throw error({.object = object,
                 .problem = "cannot be written",
                 .cure = "choose another place with -o",
                 .code = {errno, std::generic_category()}});
  return descriptor(number);
}

}  // namespace

output::output(std::string path) : m_path(std::move(path)) {
  std::error_code ignored;
  if (m_path.empty()) {
    m_path = "standard output";
    m_device = checked(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1), m_path);
  } else if (std::filesystem::is_other(std::filesystem::status(m_path, ignored))) {
    m_device = checked(::open(m_path.c_str(), O_WRONLY | O_CLOEXEC), m_path);
  } else {
    m_file.emplace(m_path);
  }
}

void output::write(std::string_view text) {
  m_pending += text;
  if (m_pending.size() >= piece_bytes) flush();
}

void output::flush() {
  const std::string pending = std::exchange(m_pending, {});
  const auto bytes = std::as_bytes(std::span(pending));
  if (m_file) return m_file->write(bytes);
  if (m_reader_left) return;
  try {
    write_full(m_device, bytes, m_path);
  } catch (const error& failed) {
    if (failed.code() != std::errc::broken_pipe) throw;
    m_reader_left = true;
  }
}

void output::finish() {
  flush();
  if (m_file) m_file->commit();
}

}  // namespace tequio::tool
