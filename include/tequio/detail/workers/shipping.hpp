// SPDX-License-Identifier: MIT
// How a callable and its arguments travel to a spawned image of the program: code by its place in the program, values
// as bytes, handles by the address of their state.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "tequio/bind_values.hpp"
#include "tequio/detail/workers/shippable_value.hpp"
#include "tequio/serialize.hpp"

namespace tequio::detail {

/// The place of code, in terms that another image of the same program or library understands.
struct code_place {
  std::string build_id{};    ///< of the program or library that holds it
  std::uint64_t offset = 0;  ///< from the address where that was loaded
};

using any_function = void (*)();

/// Errors:  error where the program was linked without a build-id.
[[nodiscard]] code_place place_of(any_function code);
/// Errors:  error where this image has no such program or library, or no code there.
[[nodiscard]] any_function code_at(const code_place& place);
/// Errors:  error where the address lies in no arena that this process knows.
void require_in_arena(const void* address, std::size_t size);

/// A value made from bytes; it must outlive the result of take().
template <class T>
class shipped {
 public:
  static void write(writer& out, const T& value) {
    if constexpr (function_pointer<T>)
      out(place_of(reinterpret_cast<any_function>(value)));
    else if constexpr (std::is_same_v<T, const char*>)
      out(std::string(value));
    else if constexpr (!stateless<T>)
      out(value);
  }
  explicit shipped(reader& in) {
    if constexpr (function_pointer<T>) {
      code_place place;
      in(place);
      m_value = reinterpret_cast<T>(code_at(place));
    } else if constexpr (!stateless<T>) {
      in(m_value);
    }
  }

  [[nodiscard]] T take() {
    if constexpr (std::is_same_v<T, const char*>)
      return m_value.c_str();
    else
      return std::move(m_value);
  }

 private:
  typename kept_form<T>::type m_value{};
};

/// A reference to a handle.
template <class T>
requires(is_handle_reference<std::reference_wrapper<T>>) class shipped<std::reference_wrapper<T>> {
  using handle = std::remove_const_t<T>;

 public:
  static void write(writer& out, const std::reference_wrapper<T>& value) {
    void* const address = handle_access::address<handle>(value.get());
    require_in_arena(address, 1);
    out(reinterpret_cast<std::uintptr_t>(address));
  }
  explicit shipped(reader& in) : m_handle(handle_access::attach<handle>(read_address(in))) {}

  [[nodiscard]] std::reference_wrapper<T> take() { return m_handle; }

 private:
  static void* read_address(reader& in) {
    std::uintptr_t number = 0;
    in(number);
    void* const address =
        reinterpret_cast<void*>(number);  // NOLINT(performance-no-int-to-ptr): same address everywhere
    require_in_arena(address, 1);
    return address;
  }

  handle m_handle;
};

/// Several values, read one after the other.
template <class... Types>
class shipped_all {
 public:
  static void write(writer&) {}
  explicit shipped_all(reader&) {}

  template <class Call>
  decltype(auto) apply(Call&& call) {
    return std::forward<Call>(call)();
  }
};
template <class First, class... Rest>
class shipped_all<First, Rest...> {
 public:
  static void write(writer& out, const First& first, const Rest&... rest) {
    shipped<First>::write(out, first);
    shipped_all<Rest...>::write(out, rest...);
  }
  explicit shipped_all(reader& in) : m_first(in), m_rest(in) {}

  /// Calls `call` with all values.
  template <class Call>
  decltype(auto) apply(Call&& call) {
    return m_rest.apply([&](auto&&... rest) -> decltype(auto) {
      return std::forward<Call>(call)(m_first.take(), std::forward<decltype(rest)>(rest)...);
    });
  }

 private:
  shipped<First> m_first;
  shipped_all<Rest...> m_rest;
};

template <class Callable, class... Values>
class shipped<bound_values<Callable, Values...>> {
  using bound = bound_values<Callable, Values...>;

 public:
  static void write(writer& out, const bound& value) {
    shipped<Callable>::write(out, value.callable());
    std::apply([&](const Values&... values) { shipped_all<Values...>::write(out, values...); }, value.values());
  }
  explicit shipped(reader& in) : m_callable(in), m_values(in) {}

  [[nodiscard]] bound take() {
    return m_values.apply(
        [&](auto&&... values) { return bound(m_callable.take(), std::tuple<Values...>(std::move(values)...)); });
  }

 private:
  shipped<Callable> m_callable;
  shipped_all<Values...> m_values;
};

template <class T>
inline constexpr bool is_bound_values = false;
template <class Callable, class... Values>
inline constexpr bool is_bound_values<bound_values<Callable, Values...>> = true;

}  // namespace tequio::detail

namespace tequio {

/// Whether a callable and its arguments can be sent to a spawned image of the program: a function, a lambda without
/// captures, or bind_values() of one; arguments that can be serialised, and std::ref of tequio's handles.
template <class Callable, class... Arguments>
concept shippable =
    (detail::stateless<std::decay_t<Callable>> || detail::function_pointer<std::decay_t<Callable>> ||
     detail::is_bound_values<std::decay_t<Callable>>)&&(detail::can_be_shipped<std::decay_t<Arguments>>() && ...);

}  // namespace tequio
