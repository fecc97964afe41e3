// SPDX-License-Identifier: MIT
// A callable with values of its own, which can be sent to another process; a lambda's captures cannot. `bind_values(f,
// 1, "two")(x)` calls `f(1, "two", x)`.
#pragma once

#include <functional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "tequio/detail/workers/shippable_value.hpp"

namespace tequio {

/// A callable and its first arguments.
template <class Callable, class... Values>
class bound_values {
 public:
  static_assert(detail::stateless<Callable> || detail::function_pointer<Callable>,
                "tequio: bind_values wants a function or a lambda without captures; bind what it would capture");
  static_assert((detail::can_be_shipped<Values>() && ...),
                "tequio: a value given to bind_values cannot be sent from process to process; make it an aggregate of "
                "types that can, or write `template <class Archive> void serialize(Archive& archive, T& value)` beside "
                "it");

  bound_values(Callable what, std::tuple<Values...> first) : m_callable(std::move(what)), m_values(std::move(first)) {}

  template <class... Arguments>
  decltype(auto) operator()(Arguments&&... arguments) const
      requires(std::is_invocable_v<const Callable&, const Values&..., Arguments&&...>) {
    return std::apply(
        [&](const Values&... first) -> decltype(auto) {
          return std::invoke(m_callable, first..., std::forward<Arguments>(arguments)...);
        },
        m_values);
  }

  [[nodiscard]] const Callable& callable() const noexcept { return m_callable; }
  [[nodiscard]] const std::tuple<Values...>& values() const noexcept { return m_values; }

 private:
  Callable m_callable;
  std::tuple<Values...> m_values;
};

namespace detail {

// Text is copied, because a pointer cannot be sent.
template <class Value>
using bound_value =
    std::conditional_t<std::is_same_v<std::decay_t<Value>, const char*> || std::is_same_v<std::decay_t<Value>, char*>,
                       std::string, std::decay_t<Value>>;

}  // namespace detail

/// Binds copies of `values` as the first arguments of `callable`.
template <class Callable, class... Values>
[[nodiscard]] auto bind_values(Callable&& callable, Values&&... values) {
  return bound_values<std::decay_t<Callable>, detail::bound_value<Values>...>(
      std::forward<Callable>(callable), std::tuple<detail::bound_value<Values>...>(std::forward<Values>(values)...));
}

}  // namespace tequio
