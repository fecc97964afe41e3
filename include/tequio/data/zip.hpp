// SPDX-License-Identifier: MIT
// Zip archives: what is in them, and each member as a stream of checked bytes.
// Use it for archives with several members (.npz too); open_table() finds the one table of an archive by itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "tequio/data/file.hpp"
#include "tequio/data/format_error.hpp"
#include "tequio/data/inflate.hpp"
#include "tequio/data/input.hpp"

namespace tequio::data {

/// What an archive's directory says of a member. `name` is for messages only and never used as a path.
struct zip_member {
  std::string name{};
  std::uint64_t compressed_bytes = 0;
  std::uint64_t bytes = 0;
  std::uint32_t crc = 0;
  std::uint16_t method = 0;  ///< 0 stored, 8 deflate, others as in the zip specification
  bool encrypted = false;

  [[nodiscard]] bool is_folder() const noexcept { return name.ends_with('/'); }
};

/// A zip archive open for reading.
class zip_archive {
 public:
  /// Reads the directory.
  ///
  /// Blocks:  while the end of the file is read.
  /// Errors:  format_error: an empty file, not a zip (with its first bytes, or that it is an HTML page), cut short,
  ///          damaged.
  explicit zip_archive(file content, const inflate_limits& limits = {});

  [[nodiscard]] std::span<const zip_member> members() const noexcept;
  [[nodiscard]] const std::string& name() const noexcept;

  /// The bytes of `members()[index]`, named "archive.zip:member". It may outlive this object.
  ///
  /// Errors:  format_error at once: a folder, encrypted, a method that is not known. While reading: damaged or cut
  ///          short, over the limits, and at the end of the member a size or CRC other than the directory's; the bytes
  ///          given before were then not what was stored.
  /// Safety:  an archive and its members are used by one thread at a time.
  [[nodiscard]] std::unique_ptr<input> open(std::size_t index) const;

 private:
  struct state;
  std::shared_ptr<state> m_state;
};

/// Which member of `archive` is its table.
///
/// With a `member` glob (`*` stands for slashes too): the one it matches. Without: the only .csv, .tsv or .txt; of
/// several the only one in a folder `conjunto_de_datos`, as INEGI's open data have it; else the only member. Folders,
/// __MACOSX/ and .DS_Store are no members here.
///
/// Errors:  format_error when none or several are left, with their names.
[[nodiscard]] std::size_t find_table(const zip_archive& archive, const std::string& member = {});

}  // namespace tequio::data
