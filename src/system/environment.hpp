// SPDX-License-Identifier: MIT
// The environment of a new image or of a worker: this process's, with what is added to it.
#pragma once

#include <string>
#include <vector>

namespace tequio::detail {

class environment {
 public:
  environment();

  /// "NAME=value", in place of one of this name that is there; the text must outlive this.
  void set(const std::string& variable);

  /// The same, where none of this name is there.
  void set_missing(const std::string& variable);

  /// Ends with a null pointer.
  [[nodiscard]] char** entries() noexcept { return m_entries.data(); }

 private:
  std::vector<char*> m_entries{};
};

}  // namespace tequio::detail
