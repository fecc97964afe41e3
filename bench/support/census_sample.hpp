// SPDX-License-Identifier: MIT
// 27 MB of CSV shaped as a census table (286 columns, half of the rows withheld), plain and in a zip, for benches.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace tequio::bench {

class census_sample {
 public:
  census_sample();
  census_sample(const census_sample&) = delete;
  census_sample& operator=(const census_sample&) = delete;
  ~census_sample();

  [[nodiscard]] const std::string& table() const noexcept { return m_table; }
  [[nodiscard]] std::uint32_t crc() const noexcept { return m_crc; }
  /// The zip's member as it is stored: a raw deflate stream.
  [[nodiscard]] const std::string& deflated() const noexcept { return m_deflated; }
  /// The zip, in the page cache; gone with this object.
  [[nodiscard]] const std::string& zip_path() const noexcept { return m_zip_path; }

 private:
  std::string m_table;
  std::uint32_t m_crc;
  std::string m_deflated{};
  std::string m_zip_path = "/tmp/tequio-bench-XXXXXX";
};

/// The CRC that gzip and zip use.
[[nodiscard]] std::uint32_t crc_of(const std::string& text);

}  // namespace tequio::bench
