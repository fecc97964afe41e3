// SPDX-License-Identifier: MIT
// What posix_spawn() is told of a new image: descriptors, folder, environment and signals.
#pragma once

#include <spawn.h>

#include <string>
#include <string_view>
#include <vector>

namespace tequio::detail {

/// Signals are as this process's caller left them: no handler survives, SIGPIPE has its default.
class spawn_settings {
 public:
  spawn_settings();
  spawn_settings(const spawn_settings&) = delete;
  spawn_settings& operator=(const spawn_settings&) = delete;
  ~spawn_settings();

  /// The new image finds one of our descriptors under this number; it has no other of tequio's.
  void put(int file, int number);
  void run_in(const std::string& folder);
  /// "NAME=value", in place of one of this name that is there; the text must outlive this.
  void set_variable(const std::string& variable);

  [[nodiscard]] const posix_spawn_file_actions_t* actions() const noexcept { return &m_actions; }
  [[nodiscard]] const posix_spawnattr_t* attributes() const noexcept { return &m_attributes; }
  /// Ends with a null pointer.
  [[nodiscard]] char* const* environment() const noexcept { return m_environment.data(); }

 private:
  posix_spawn_file_actions_t m_actions{};
  posix_spawnattr_t m_attributes{};
  std::vector<char*> m_environment{};
};

}  // namespace tequio::detail
