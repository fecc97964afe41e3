// SPDX-License-Identifier: MIT
// Stand-ins in code that a static_assert refuses: with them the compiler says that sentence and no second error.
#pragma once

#include "tequio/detail/base/requirements.hpp"

namespace tequio::detail {

/// False, but dependent on a type: the condition of a static_assert that fails only where its branch is compiled.
template <class T>
inline constexpr bool never = false;

/// The result of a refused call: it converts to any type, and is a range.
struct refused {
  template <class T>
  operator T() const;  // NOLINT(google-explicit-constructor)
  [[nodiscard]] refused* begin() const;
  [[nodiscard]] refused* end() const;
};
template <class T>
inline constexpr bool is_refused = false;
template <>
inline constexpr bool is_refused<refused> = true;

/// An argument of any type, or none. Every other conversion is preferred to this one.
struct anything {
  anything() = default;
  template <class T>
  anything(T&&) {}  // NOLINT(google-explicit-constructor,bugprone-forwarding-reference-overload)
};

}  // namespace tequio::detail
