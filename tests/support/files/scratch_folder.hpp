// SPDX-License-Identifier: MIT
// A folder of a test's own, gone after it.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tequio::test {

/// A new folder in the system's temporary one.
class scratch_folder {
 public:
  scratch_folder() {
    std::string path = std::filesystem::temp_directory_path() / "tequio-test-XXXXXX";
    if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error("no scratch folder");
    m_path = path;
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  ~scratch_folder() { std::filesystem::remove_all(m_path); }

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return m_path; }

  /// Writes a file, making its folders; returns its path.
  std::string write(const std::string& name, std::string_view content) const {
    const std::filesystem::path path = m_path / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }

 private:
  std::filesystem::path m_path;
};

}  // namespace tequio::test
