// SPDX-License-Identifier: MIT
// The progress of a job on standard error: a line that is overwritten on a terminal, or one line of JSON per second.
#pragma once

#include <chrono>
#include <string_view>

#include "tequio/map_options.hpp"

namespace tequio::cli {

enum class progress_mode {
  automatic,  ///< a bar on a terminal, nothing elsewhere
  bar,
  json,  ///< one line of JSON per second
  none,
};

/// Shows progress; its destructor wipes the line from the terminal.
class progress_line {
 public:
  /// @param what the items in the plural: "files", "sources".
  progress_line(progress_mode mode, std::string_view what);
  progress_line(const progress_line&) = delete;
  progress_line& operator=(const progress_line&) = delete;
  ~progress_line() { wipe(); }

  [[nodiscard]] bool wanted() const noexcept { return m_mode != progress_mode::none; }
  void show(const tequio::progress& now);
  /// Removes the line, so that other text can be printed.
  void wipe();

 private:
  progress_mode m_mode;  // what is shown: never automatic
  std::string_view m_what;
  bool m_shown = false;
  std::chrono::nanoseconds m_next_json{0};
};

}  // namespace tequio::cli
