// SPDX-License-Identifier: MIT
// Bytes that can be read at any place: a local file, or a page fetched into a temporary one.
// Use open_file() for formats that need random access (zip, npy); open_table() for those read forward.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "tequio/data/fetch_options.hpp"
#include "tequio/data/input.hpp"
#include "tequio/data/source.hpp"
#include "tequio/descriptor.hpp"
#include "tequio/error.hpp"

namespace tequio::data {

/// A regular file that is open for reading, its size as it was when opened.
class file {
 public:
  file(descriptor content, std::uint64_t size, std::string name);

  /// Reads at `offset`; less than `bytes.size()` only at the end of the file.
  ///
  /// @return bytes read; 0 at or beyond the end.
  /// Blocks:  until all is read or the file ends.
  /// Errors:  error naming the file; also when it has become shorter since it was opened.
  /// Safety:  callable from any thread, and from forked processes: no position is shared.
  std::size_t read_at(std::span<std::byte> bytes, std::uint64_t offset) const;

  [[nodiscard]] std::uint64_t size() const noexcept { return m_size; }
  [[nodiscard]] const std::string& name() const noexcept { return m_name; }
  [[nodiscard]] const descriptor& content() const noexcept { return m_content; }

 private:
  descriptor m_content;
  std::uint64_t m_size;
  std::string m_name;
};

/// Opens a path, or fetches a URL, for reading at any place.
///
/// Blocks:  as long as the file system or the server does, within the limits of `options`.
/// Errors:  error naming the source's label: missing, unreadable, not a regular file (a folder, a pipe, a device), an
///          address that is neither a path nor http(s), and all that fetch() throws.
[[nodiscard]] file open_file(const source& from, const fetch_options& options = {});

/// The whole of `content`, forward.
[[nodiscard]] std::unique_ptr<input> read_forward(file content);

}  // namespace tequio::data
