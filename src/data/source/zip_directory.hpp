// SPDX-License-Identifier: MIT
// libzip over our file: the directory of an archive, and the bytes of a member as they are stored.
#pragma once

#include <zip.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "tequio/data/file.hpp"
#include "tequio/data/zip.hpp"

namespace tequio::data {

/// An archive opened by libzip, which reads it through us: by position, so that nothing is shared with forked
/// processes.
class zip_directory {
 public:
  explicit zip_directory(file content);
  zip_directory(const zip_directory&) = delete;
  zip_directory& operator=(const zip_directory&) = delete;
  ~zip_directory();

  [[nodiscard]] const file& content() const noexcept { return m_content; }
  [[nodiscard]] const std::vector<zip_member>& members() const noexcept { return m_members; }
  [[nodiscard]] zip_t* handle() const noexcept { return m_handle; }
  /// Throws what stopped the latest read of the file, if anything did: libzip knows only that it failed.
  void rethrow_read_failure() const;

 private:
  static zip_int64_t serve(void* self, void* data, zip_uint64_t size, zip_source_cmd_t command) noexcept;
  zip_int64_t serve_read(void* data, zip_uint64_t size) noexcept;
  void open();
  void list_members();

  file m_content;
  std::uint64_t m_position = 0;
  zip_error_t m_error{};
  std::exception_ptr m_read_failure{};  // of the latest read, carried across libzip
  zip_t* m_handle = nullptr;
  std::vector<zip_member> m_members;
};

/// What libzip says in words.
[[nodiscard]] std::string message_of(zip_error_t* failure);

}  // namespace tequio::data
