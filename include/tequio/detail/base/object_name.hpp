// SPDX-License-Identifier: MIT
// The name of a shared object in errors, stored beside it so that every process knows it.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "tequio/detail/base/requirements.hpp"

namespace tequio::detail {

/// A name in shared memory, of which the first 47 bytes are kept.
class object_name {
 public:
  object_name() noexcept = default;
  explicit object_name(std::string_view name) noexcept {
    std::copy_n(name.begin(), std::min(name.size(), m_text.size() - 1), m_text.begin());
  }

  /// `mutex 'counter'`, or `mutex` without a name.
  [[nodiscard]] std::string of(std::string_view kind) const {
    std::string text(kind);
    if (m_text[0] != '\0') text.append(" '").append(m_text.data()).append("'");
    return text;
  }

 private:
  std::array<char, 48> m_text{};
};

}  // namespace tequio::detail
