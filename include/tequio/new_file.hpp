// SPDX-License-Identifier: MIT
// A file that appears under its name only when it is complete. Until then it is a hidden file in the same folder. Use
// it for every result: a reader never sees half of one, and a run that dies leaves the old file as it was.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "tequio/descriptor.hpp"
#include "tequio/error.hpp"

namespace tequio {

/// A file that is being written; its destructor removes it unless commit() was called.
class new_file {
 public:
  /// Creates the hidden file beside `path`.
  ///
  /// Errors:  error naming `path` when its folder is missing or may not be written.
  explicit new_file(std::filesystem::path path);
  new_file(const new_file&) = delete;
  new_file& operator=(const new_file&) = delete;
  ~new_file();

  /// Errors:  error naming `path` when the file system is full or a limit is reached.
  void write(std::span<const std::byte> bytes);
  /// Writes over bytes that are written already.
  void write_at(std::uint64_t offset, std::span<const std::byte> bytes);
  [[nodiscard]] std::uint64_t size() const noexcept { return m_size; }

  /// Gives the file its name, in place of a file that had it.
  void commit();

 private:
  std::filesystem::path m_path;
  std::string m_hidden;  // empty once committed
  descriptor m_file;
  std::uint64_t m_size = 0;
};

}  // namespace tequio
