// SPDX-License-Identifier: MIT
// The types whose values may lie in memory that several processes share.
#pragma once

#include <atomic>
#include <type_traits>

#include "tequio/detail/base/requirements.hpp"

namespace tequio {

template <class T>
inline constexpr bool is_lock_free_atomic = false;
template <class T>
inline constexpr bool is_lock_free_atomic<std::atomic<T>> = std::atomic<T>::is_always_lock_free;

/// A type whose bytes mean the same in every process: it can be copied byte by byte, and is no pointer or reference.
/// Its members are not checked: a pointer among them is only valid for objects that existed before the fork.
template <class T>
concept shareable = (std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T> && !std::is_pointer_v<T> &&
                     !std::is_reference_v<T> && !std::is_member_pointer_v<T>) ||
                    is_lock_free_atomic<T>;

}  // namespace tequio
