// SPDX-License-Identifier: MIT
// How far a job has come, on standard error: a line that is written over on a terminal, or a line of JSON a second.
#pragma once

#include <chrono>
#include <string_view>

#include "tequio/map_options.hpp"

namespace tequio::cli {

/// Shows progress; what it wrote on a terminal is wiped when it is destroyed.
class progress_line {
 public:
  /// @param mode "auto" (a bar on a terminal, else nothing), "bar", "json" or "none".
  /// @param what what is counted: "files", "sources".
  progress_line(std::string_view mode, std::string_view what);
  progress_line(const progress_line&) = delete;
  progress_line& operator=(const progress_line&) = delete;
  ~progress_line() { wipe(); }

  [[nodiscard]] bool wanted() const noexcept { return m_style != style::none; }
  void show(const tequio::progress& now);
  /// Takes the line away, so that something else can be printed.
  void wipe();

 private:
  enum class style { none, bar, json };

  style m_style = style::none;
  std::string_view m_what;
  bool m_shown = false;
  std::chrono::nanoseconds m_next_json{0};
};

}  // namespace tequio::cli
