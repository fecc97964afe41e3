// SPDX-License-Identifier: MIT
// Takes a handle (mutex, queue, shared_array, …) to a spawned process: its state stays in the arena, and a handle that
// does not own it is made there.
#pragma once

#include <type_traits>

#include "tequio/detail/memory/shared_object.hpp"

namespace tequio::detail {

template <class T>
struct shared_object_content;
template <class T>
struct shared_object_content<shared_object<T>> {
  using type = T;
};

/// A friend of every handle class, which has one member `shared_object<S> m_state` and a constructor from attached<S>.
class handle_access {
 public:
  template <class Handle>
  static consteval bool is_handle() {
    return requires(const Handle& handle) {
      typename shared_object_content<decltype(Handle::m_state)>::type;
      handle.m_state.get();
    };
  }
  template <class Handle>
  [[nodiscard]] static void* address(const Handle& handle) {
    return const_cast<void*>(static_cast<const void*>(handle.m_state.get()));
  }
  template <class Handle>
  [[nodiscard]] static Handle attach(void* address) {
    using content = typename shared_object_content<decltype(Handle::m_state)>::type;
    return Handle(attached<content>{static_cast<content*>(address)});
  }
};

}  // namespace tequio::detail
