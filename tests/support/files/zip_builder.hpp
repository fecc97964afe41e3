// SPDX-License-Identifier: MIT
// Builds zip archives byte by byte, so that a test can make each kind of false archive.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tequio::test {

/// `text` as raw deflate data.
[[nodiscard]] std::string deflated(std::string_view text, int level = 6);

/// `text` as one gzip member.
[[nodiscard]] std::string gzipped(std::string_view text);

[[nodiscard]] std::uint32_t crc_of(std::string_view text);

/// A member's fields as they go into its local header and the directory.
struct zip_entry {
  std::string name{};
  std::string stored{};     ///< its bytes in the archive
  std::uint64_t bytes = 0;  ///< its size when inflated, as claimed
  std::uint32_t crc = 0;
  std::uint16_t method = 8;
  std::uint16_t flags = 0;                 ///< 1 encrypted, 8 sizes after the data
  std::uint64_t claimed_stored_bytes = 0;  ///< 0: the true size
};

/// A member whose fields are true.
[[nodiscard]] zip_entry deflated_entry(std::string name, std::string_view text);
[[nodiscard]] zip_entry stored_entry(std::string name, std::string_view text);

/// An archive in the making.
class zip_builder {
 public:
  enum class sizes { short_fields, zip64 };

  zip_builder& add(const zip_entry& entry, sizes fields = sizes::short_fields);
  /// The archive with its directory and a comment.
  [[nodiscard]] std::string finish(std::string_view comment = {}) const;

 private:
  std::string m_members;
  std::string m_directory;
  std::uint16_t m_count = 0;
};

}  // namespace tequio::test
