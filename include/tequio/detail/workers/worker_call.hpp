// SPDX-License-Identifier: MIT
// The callable and arguments of a process or thread: copied or moved as std::jthread does, then called once.
#pragma once

#include <functional>
#include <stop_token>
#include <tuple>
#include <type_traits>
#include <utility>

#include "tequio/detail/base/refused.hpp"

namespace tequio::detail {

/// Any type but these: a callable, where options may stand instead.
template <class T, class... Others>
concept other_than = !(std::is_same_v<std::remove_cvref_t<T>, Others> || ...);

/// Whether a callable wants a stop token before its arguments.
template <class Callable, class... Arguments>
inline constexpr bool takes_stop_token =
    std::is_invocable_v<std::decay_t<Callable>, std::stop_token, std::decay_t<Arguments>...>;

template <class Callable, class... Arguments>
concept worker_callable =
    takes_stop_token<Callable, Arguments...> || std::is_invocable_v<std::decay_t<Callable>, std::decay_t<Arguments>...>;

template <class Callable, class... Arguments>
struct worker_result_of {
  using type = refused;
};
template <class Callable, class... Arguments>
requires(!takes_stop_token<Callable, Arguments...> &&
         worker_callable<Callable, Arguments...>) struct worker_result_of<Callable, Arguments...> {
  using type = std::remove_cvref_t<std::invoke_result_t<std::decay_t<Callable>, std::decay_t<Arguments>...>>;
};
template <class Callable, class... Arguments>
requires(takes_stop_token<Callable, Arguments...>) struct worker_result_of<Callable, Arguments...> {
  using type =
      std::remove_cvref_t<std::invoke_result_t<std::decay_t<Callable>, std::stop_token, std::decay_t<Arguments>...>>;
};

/// What a callable returns, as a value.
template <class Callable, class... Arguments>
using worker_result = typename worker_result_of<Callable, Arguments...>::type;

/// Compiles for a callable that takes copies of the arguments.
template <class Callable, class... Arguments>
constexpr void require_callable() {
  if constexpr (!worker_callable<Callable, Arguments...>) {
    constexpr bool takes_references =
        std::is_invocable_v<Callable, Arguments&...> || std::is_invocable_v<Callable, std::stop_token, Arguments&...>;
    static_assert(!takes_references,
                  "tequio: the callable takes an argument by reference, and is given a copy; wrap the argument in "
                  "std::ref, or let the callable take it by value or const reference");
    static_assert(takes_references,
                  "tequio: the callable does not take these arguments; options of a process or thread stand before it: "
                  "({.name = \"uno\"}, f, 1); submit has none");
  }
}

/// Gives an argument that belongs to one process (the end of a pipe) to that process.
template <class Argument>
void hand_over(const Argument& argument, int process) {
  if constexpr (requires { argument.get().hand_to(process); }) argument.get().hand_to(process);
}

/// One call, which another process or thread makes.
template <class Callable, class... Arguments>
class worker_call {
 public:
  template <class Given, class... GivenArguments>
  explicit worker_call(std::in_place_t, Given&& callable, GivenArguments&&... arguments)
      : m_callable(std::forward<Given>(callable)), m_arguments(std::forward<GivenArguments>(arguments)...) {}

  static constexpr bool wants_token = takes_stop_token<Callable, Arguments...>;

  /// Makes the call; callable and arguments are moved into it.
  decltype(auto) operator()(std::stop_token stop) {
    return std::apply(
        [&](auto&&... arguments) -> decltype(auto) {
          if constexpr (wants_token)
            return std::invoke(std::move(m_callable), std::move(stop), std::move(arguments)...);
          else if constexpr (worker_callable<Callable, Arguments...>)
            return std::invoke(std::move(m_callable), std::move(arguments)...);
          else
            return refused();
        },
        std::move(m_arguments));
  }

  [[nodiscard]] const Callable& callable() const noexcept { return m_callable; }
  [[nodiscard]] const std::tuple<Arguments...>& arguments() const noexcept { return m_arguments; }

 private:
  Callable m_callable;
  std::tuple<Arguments...> m_arguments;
};

/// The call of `callable` with `arguments`, each decay-copied.
template <class Callable, class... Arguments>
[[nodiscard]] auto make_worker_call(Callable&& callable, Arguments&&... arguments) {
  require_callable<std::decay_t<Callable>, std::decay_t<Arguments>...>();
  return worker_call<std::decay_t<Callable>, std::decay_t<Arguments>...>(
      std::in_place, std::forward<Callable>(callable), std::forward<Arguments>(arguments)...);
}

}  // namespace tequio::detail
