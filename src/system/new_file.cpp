// SPDX-License-Identifier: MIT
#include "tequio/new_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

#include "system/system.hpp"

namespace tequio {
namespace {

std::string cure_of(int code) {
  switch (code) {
    case ENOENT:
      return "make the folder first";
    case ENOTDIR:
      return "name a folder";
    case EACCES:
    case EROFS:
      return "name a folder that you may write to";
    case ENOSPC:
    case EDQUOT:
      return "free space there or name another folder";
    case EFBIG:
      return "raise the limit on file size (ulimit -f)";
    default:
      return {};
  }
}

template <class Call>
auto check(const std::filesystem::path& path, const char* problem, Call call) {
  const auto result = system::retry(call);
  if (result == -1) throw system::failure(path.string(), problem, cure_of(errno));
  return result;
}

}  // namespace

new_file::new_file(std::filesystem::path path) : m_path(std::move(path)) {
  std::error_code none;
  if (std::filesystem::is_other(std::filesystem::status(m_path, none)))
    throw error({.object = m_path.string(),
                 .problem = "is a device, a pipe or a socket, which a new file would take the place of",
                 .cure = "name a file"});
  // a hidden file of an earlier process with this id may have stayed behind: then the next number is tried
  for (unsigned attempt = 0;; ++attempt) {
    m_hidden = m_path.parent_path() / fmt::format(".{}.{}.{}", m_path.filename().string(), ::getpid(), attempt);
    const int number =
        system::retry([&] { return ::open(m_hidden.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666); });
    if (number != -1) {
      m_file = descriptor(number);
      break;
    }
    if (errno != EEXIST) throw system::failure(m_path.string(), "cannot be created", cure_of(errno));
  }
  m_file = system::above_standard_streams(std::move(m_file));
}

new_file::~new_file() {
  if (!m_hidden.empty()) ::unlink(m_hidden.c_str());
}

void new_file::write(std::span<const std::byte> bytes) {
  if (!system::write_all(m_file.number(), bytes))
    throw system::failure(m_path.string(), "cannot be written", cure_of(errno));
  m_size += bytes.size();
}

void new_file::write_at(std::uint64_t offset, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const auto count = static_cast<std::size_t>(check(m_path, "cannot be written", [&] {
      return ::pwrite(m_file.number(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    }));
    bytes = bytes.subspan(count);
    offset += count;
  }
}

void new_file::commit() {
  m_file.close();
  check(m_path, "cannot be given its name", [&] { return std::rename(m_hidden.c_str(), m_path.c_str()); });
  m_hidden.clear();
}

}  // namespace tequio
