// SPDX-License-Identifier: MIT
#include "data/source/zip_directory.hpp"

#include <array>
#include <cerrno>
#include <span>
#include <utility>

#include "data/source/magic.hpp"
#include "data/text/text.hpp"
#include "tequio/data/format_error.hpp"

namespace tequio::data {
namespace {

/// Why libzip could not find a directory.
[[noreturn]] void refuse(const file& content, zip_error_t* failure) {
  const int code = zip_error_code_zip(failure);
  const std::string words = message_of(failure);
  zip_error_fini(failure);
  std::array<std::byte, 256> buffer{};
  const auto first = std::span(buffer).first(content.read_at(buffer, 0));
  switch (content_of(first)) {
    case content_kind::html:
      refuse_html(content.name(), "a zip archive");
    case content_kind::zip:
      throw format_error({.object = content.name(),
                          .problem = code == ZIP_ER_NOZIP
                                         ? "cut short: it begins as a zip archive, but its directory, which "
                                           "stands at the end, is missing"
                                         : "damaged: its directory cannot be read (" + words + ")",
                          .cure = copy_again});
    default:
      throw format_error({.object = content.name(),
                          .problem = "is not a zip archive: it begins with " +
                                     quoted_bytes(first.first(std::min<std::size_t>(first.size(), 16))),
                          .cure = "check that this is the right file"});
  }
}

}  // namespace

std::string message_of(zip_error_t* failure) { return zip_error_strerror(failure); }

zip_directory::zip_directory(file content) : m_content(std::move(content)) {
  if (m_content.size() == 0)
    throw format_error({.object = m_content.name(), .problem = "empty file, not a zip archive", .cure = copy_again});
  zip_error_init(&m_error);
  open();
  try {
    list_members();
  } catch (...) {
    zip_discard(m_handle);
    throw;
  }
}

zip_directory::~zip_directory() {
  zip_discard(m_handle);
  zip_error_fini(&m_error);
}

void zip_directory::open() {
  zip_error_t failure;
  zip_error_init(&failure);
  zip_source_t* source = zip_source_function_create(&zip_directory::serve, this, &failure);
  if (source != nullptr) m_handle = zip_open_from_source(source, ZIP_RDONLY, &failure);
  if (m_handle != nullptr) return zip_error_fini(&failure);
  zip_source_free(source);
  if (m_read_failure) zip_error_fini(&failure);
  rethrow_read_failure();
  refuse(m_content, &failure);
}

void zip_directory::list_members() {
  const zip_int64_t count = zip_get_num_entries(m_handle, 0);
  m_members.reserve(static_cast<std::size_t>(count));
  for (zip_int64_t i = 0; i < count; ++i) {
    zip_stat_t status;
    zip_stat_init(&status);
    if (zip_stat_index(m_handle, static_cast<zip_uint64_t>(i), 0, &status) != 0)
      throw format_error({.object = m_content.name(),
                          .problem = "damaged: entry " + std::to_string(i) + " of its directory cannot be read (" +
                                     message_of(zip_get_error(m_handle)) + ")",
                          .cure = copy_again});
    m_members.push_back({.name = on_one_line(status.name),
                         .compressed_bytes = status.comp_size,
                         .bytes = status.size,
                         .crc = status.crc,
                         .method = status.comp_method,
                         .encrypted = status.encryption_method != ZIP_EM_NONE});
  }
}

void zip_directory::rethrow_read_failure() const {
  if (m_read_failure) std::rethrow_exception(m_read_failure);
}

zip_int64_t zip_directory::serve_read(void* data, zip_uint64_t size) noexcept {
  try {
    const auto count = m_content.read_at(std::span(static_cast<std::byte*>(data), size), m_position);
    m_position += count;
    m_read_failure = nullptr;
    return static_cast<zip_int64_t>(count);
  } catch (...) {
    m_read_failure = std::current_exception();
    zip_error_set(&m_error, ZIP_ER_READ, 0);
    return -1;
  }
}

zip_int64_t zip_directory::serve(void* user, void* data, zip_uint64_t size, zip_source_cmd_t command) noexcept {
  auto& self = *static_cast<zip_directory*>(user);
  switch (command) {
    case ZIP_SOURCE_SUPPORTS:
      return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT,
                                            ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, -1);
    case ZIP_SOURCE_OPEN:
      self.m_position = 0;
      return 0;
    case ZIP_SOURCE_READ:
      return self.serve_read(data, size);
    case ZIP_SOURCE_SEEK: {
      const auto place =
          zip_source_seek_compute_offset(self.m_position, self.m_content.size(), data, size, &self.m_error);
      if (place < 0) return -1;
      self.m_position = static_cast<std::uint64_t>(place);
      return 0;
    }
    case ZIP_SOURCE_TELL:
      return static_cast<zip_int64_t>(self.m_position);
    case ZIP_SOURCE_STAT: {
      auto& status = *static_cast<zip_stat_t*>(data);
      zip_stat_init(&status);
      status.valid = ZIP_STAT_SIZE;
      status.size = self.m_content.size();
      return sizeof(status);
    }
    case ZIP_SOURCE_ERROR:
      return zip_error_to_data(&self.m_error, data, size);
    case ZIP_SOURCE_CLOSE:
    case ZIP_SOURCE_FREE:
      return 0;
    default:
      zip_error_set(&self.m_error, ZIP_ER_OPNOTSUPP, 0);
      return -1;
  }
}

}  // namespace tequio::data
