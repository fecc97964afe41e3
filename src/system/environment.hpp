// SPDX-License-Identifier: MIT
// The environment of a new program or of a worker: this process's environment with variables added.
#pragma once

#include <string>
#include <vector>

namespace tequio::detail {

class environment {
 public:
  environment();

  /// Sets "NAME=value", in place of a variable of this name; the text must outlive this object.
  void set(const std::string& variable);

  /// The same, unless there is a variable of this name.
  void set_missing(const std::string& variable);

  /// The entries as execve() takes them: the last is a null pointer.
  [[nodiscard]] char** entries() noexcept { return m_entries.data(); }

 private:
  std::vector<char*> m_entries{};
};

}  // namespace tequio::detail
