// SPDX-License-Identifier: MIT
// Writes a zip of one deflated member, piece by piece, as INEGI's state files are.
// The date is fixed, so the same text gives the same zip. Not for members of 4 GiB and more.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tequio/new_file.hpp"

namespace tequio::jobs {

/// A zip being written; it is there, complete, after finish().
class zip_writer {
 public:
  zip_writer(std::filesystem::path path, std::string member);

  /// Appends to the member.
  void write(std::string_view text);

  /// Ends the member, writes the directory and gives the file its name.
  ///
  /// @return the zip's bytes.
  std::uint64_t finish();

 private:
  enum class flush : std::uint8_t { when_full, all };
  void deflate_into_file(flush how);

  struct end_deflate {
    void operator()(z_stream* stream) const noexcept;
  };

  new_file m_file;
  std::string m_member;
  std::unique_ptr<z_stream, end_deflate> m_stream;
  std::vector<Bytef> m_out;
  std::uint32_t m_crc = 0;
  std::uint32_t m_text_bytes = 0;
};

}  // namespace tequio::jobs
