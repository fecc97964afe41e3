// SPDX-License-Identifier: MIT
#include "tequio/data/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "system/system.hpp"
#include "tequio/data/fetch.hpp"
#include "tequio/error.hpp"

namespace tequio::data {
namespace {

class forward_input final : public input {
 public:
  explicit forward_input(file content) : m_content(std::move(content)) {
    ::posix_fadvise(m_content.content().number(), 0, 0, POSIX_FADV_SEQUENTIAL);  // advice only
  }

  std::size_t read(std::span<std::byte> bytes) override {
    const std::size_t count = m_content.read_at(bytes, m_position);
    m_position += count;
    return count;
  }
  const std::string& name() const noexcept override { return m_content.name(); }

 private:
  file m_content;
  std::uint64_t m_position = 0;
};

const char* kind_of(mode_t mode) noexcept {
  if (S_ISDIR(mode)) return "is a folder, not a file";
  if (S_ISFIFO(mode)) return "is a pipe, not a file";
  if (S_ISSOCK(mode)) return "is a socket, not a file";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "is a device, not a file";
  return "is not a regular file";
}

const char* cure_for(mode_t mode) noexcept {
  return S_ISDIR(mode) ? "name the files in it, for example with /*" : "store its content in a file first";
}

/// "ftp" of "ftp://host/page"; empty for a path.
std::string_view scheme_of(std::string_view address) noexcept {
  const auto end = address.find("://");
  const bool named = end != std::string_view::npos && end > 0 &&
                     std::all_of(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(end),
                                 [](unsigned char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; });
  return named ? address.substr(0, end) : std::string_view();
}

void refuse_foreign_scheme(const source& from) {
  const std::string_view scheme = scheme_of(from.address);
  if (scheme.empty()) return;
  throw error(
      {.object = from.label,
       .problem = "addresses of " + std::string(scheme) + ":// are not supported",
       .cure = scheme == "file" ? "give the path alone" : "use http:// or https://, or store it in a file first"});
}

/// Opens a path for reading; an address of another scheme (ftp://) is told from a wrong path.
descriptor open_local(const source& from) {
  try {
    return open_for_reading(from.address);
  } catch (const error& failure) {
    if (failure.code() == std::errc::no_such_file_or_directory) refuse_foreign_scheme(from);
    throw error({.object = from.label, .problem = failure.problem(), .cure = failure.cure(), .code = failure.code()});
  }
}

}  // namespace

file::file(descriptor content, std::uint64_t size, std::string name)
    : m_content(std::move(content)), m_size(size), m_name(std::move(name)) {}

std::size_t file::read_at(std::span<std::byte> bytes, std::uint64_t offset) const {
  if (offset >= m_size) return 0;
  bytes = bytes.first(std::min<std::uint64_t>(bytes.size(), m_size - offset));
  const std::size_t count = read_full_at(m_content, bytes, offset, m_name);
  if (count < bytes.size())
    throw error({.object = m_name,
                 .problem = "ended at byte " + std::to_string(offset + count) + ", it had " + std::to_string(m_size) +
                            " when opened",
                 .cure = "do not change files while they are read"});
  return count;
}

file open_file(const source& from, const fetch_options& options) {
  if (is_url(from.address)) return fetch(from, options);
  descriptor content = open_local(from);
  struct stat status {};
  system::check(from.label, "cannot be examined", [&] { return ::fstat(content.number(), &status); });
  if (!S_ISREG(status.st_mode))
    throw error({.object = from.label, .problem = kind_of(status.st_mode), .cure = cure_for(status.st_mode)});
  return file(std::move(content), static_cast<std::uint64_t>(status.st_size), from.label);
}

std::unique_ptr<input> read_forward(file content) { return std::make_unique<forward_input>(std::move(content)); }

}  // namespace tequio::data
