// SPDX-License-Identifier: MIT
// Parts of messages: a text as it is shown, and the names most like a wrong one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tequio::expr {

/// The names most like `wanted`, best first, at most three; names that differ by more than a quarter are left out.
[[nodiscard]] std::vector<std::string> nearest_names(std::string_view wanted, const std::vector<std::string>& names);

/// `'text'`, shortened and with control characters made visible.
[[nodiscard]] std::string shown(std::string_view text);

}  // namespace tequio::expr
