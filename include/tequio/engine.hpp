// SPDX-License-Identifier: MIT
// The engines' common interface, and the one that is chosen at run time.
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "tequio/processes.hpp"
#include "tequio/serial.hpp"
#include "tequio/threads.hpp"

namespace tequio {

/// What runs a callable over items: `serial`, `threads`, `processes`, `any_engine`.
template <class Engine>
concept engine = requires(Engine& crew, std::vector<int> items, int (*call)(int)) {
  { crew.workers() } -> std::convertible_to<std::size_t>;
  { crew.map(items, map_options{}, call) } -> std::same_as<std::vector<int>>;
  { crew.try_map(items, map_options{}, call) } -> std::same_as<std::vector<outcome<int>>>;
  crew.for_each(items, map_options{}, call);
  { crew.stream(items, stream_options{}, call) } -> std::same_as<stream<int>>;
  { crew.try_stream_unordered(items, stream_options{}, call) } -> std::same_as<outcome_stream<int>>;
  { crew.submit(call, 0) } -> std::same_as<future<int>>;
  { crew.reduce(items, map_options{}, 0, std::plus<>{}) } -> std::same_as<int>;
};

/// One of the engines, chosen at run time. The calls are those of tequio/map_calls.hpp.
class any_engine {
 public:
  template <class Engine>
  requires(std::same_as<Engine, serial> || std::same_as<Engine, threads> ||
           std::same_as<Engine, processes>) explicit any_engine(Engine crew)
      : m_engine(std::move(crew)) {}

  /// By name: "serial", "threads" or "processes".
  ///
  /// @param workers 0: one for each processor this process may use.
  /// Errors:  error for another name, listing these.
  [[nodiscard]] static any_engine named(std::string_view name, std::size_t workers = 0);

  // NOLINTNEXTLINE(bugprone-exception-escape): the variant always holds an engine
  [[nodiscard]] std::size_t workers() const noexcept {
    return std::visit([](const auto& crew) -> std::size_t { return crew.workers(); }, m_engine);
  }
  [[nodiscard]] std::string_view name() const noexcept;

  template <class Items, class Callable>
  auto map(Items&& items, const map_options& options, Callable&& callable) {
    return std::visit([&](auto& crew) { return crew.map(items, options, callable); }, m_engine);
  }
  template <class Items, class Callable>
  auto map(Items&& items, Callable&& callable) {
    return map(items, map_options{}, callable);
  }
  template <class Items, class Callable>
  auto try_map(Items&& items, const map_options& options, Callable&& callable) {
    return std::visit([&](auto& crew) { return crew.try_map(items, options, callable); }, m_engine);
  }
  template <class Items, class Callable>
  auto try_map(Items&& items, Callable&& callable) {
    return try_map(items, map_options{}, callable);
  }
  template <class Items, class Callable>
  void for_each(Items&& items, const map_options& options, Callable&& callable) {
    std::visit([&](auto& crew) { crew.for_each(items, options, callable); }, m_engine);
  }
  template <class Items, class Callable>
  void for_each(Items&& items, Callable&& callable) {
    for_each(items, map_options{}, callable);
  }
  template <class Items, class Callable>
  [[nodiscard]] auto stream(Items&& items, const stream_options& options, Callable&& callable) {
    return std::visit(
        [&](auto& crew) { return crew.stream(std::forward<Items>(items), options, std::forward<Callable>(callable)); },
        m_engine);
  }
  template <class Items, class Callable>
  [[nodiscard]] auto stream(Items&& items, Callable&& callable) {
    return stream(std::forward<Items>(items), stream_options{}, std::forward<Callable>(callable));
  }
  template <class Items, class Callable>
  [[nodiscard]] auto stream_unordered(Items&& items, const stream_options& options, Callable&& callable) {
    return std::visit(
        [&](auto& crew) {
          return crew.stream_unordered(std::forward<Items>(items), options, std::forward<Callable>(callable));
        },
        m_engine);
  }
  template <class Items, class Callable>
  [[nodiscard]] auto stream_unordered(Items&& items, Callable&& callable) {
    return stream_unordered(std::forward<Items>(items), stream_options{}, std::forward<Callable>(callable));
  }
  template <class Items, class Callable>
  [[nodiscard]] auto try_stream(Items&& items, const stream_options& options, Callable&& callable) {
    return std::visit(
        [&](auto& crew) {
          return crew.try_stream(std::forward<Items>(items), options, std::forward<Callable>(callable));
        },
        m_engine);
  }
  template <class Items, class Callable>
  [[nodiscard]] auto try_stream(Items&& items, Callable&& callable) {
    return try_stream(std::forward<Items>(items), stream_options{}, std::forward<Callable>(callable));
  }
  template <class Items, class Callable>
  [[nodiscard]] auto try_stream_unordered(Items&& items, const stream_options& options, Callable&& callable) {
    return std::visit(
        [&](auto& crew) {
          return crew.try_stream_unordered(std::forward<Items>(items), options, std::forward<Callable>(callable));
        },
        m_engine);
  }
  template <class Items, class Callable>
  [[nodiscard]] auto try_stream_unordered(Items&& items, Callable&& callable) {
    return try_stream_unordered(std::forward<Items>(items), stream_options{}, std::forward<Callable>(callable));
  }
  template <class Callable, class... Arguments>
  [[nodiscard]] auto submit(Callable&& callable, Arguments&&... arguments) {
    return std::visit(
        [&](auto& crew) {
          return crew.submit(std::forward<Callable>(callable), std::forward<Arguments>(arguments)...);
        },
        m_engine);
  }
  template <class Items, class Value, class Operation>
  Value reduce(Items&& items, const map_options& options, Value initial, Operation&& operation) {
    return std::visit([&](auto& crew) { return crew.reduce(items, options, std::move(initial), operation); }, m_engine);
  }
  template <class Items, class Value, class Operation>
  Value reduce(Items&& items, Value initial, Operation&& operation) {
    return reduce(items, map_options{}, std::move(initial), operation);
  }
  template <class Items, class Value, class Operation, class Transform>
  Value transform_reduce(Items&& items, const map_options& options, Value initial, Operation&& operation,
                         Transform&& transform) {
    return std::visit(
        [&](auto& crew) { return crew.transform_reduce(items, options, std::move(initial), operation, transform); },
        m_engine);
  }
  template <class Items, class Value, class Operation, class Transform>
  requires(!std::same_as<std::remove_cvref_t<Value>, map_options>) Value
      transform_reduce(Items&& items, Value initial, Operation&& operation, Transform&& transform) {
    return transform_reduce(items, map_options{}, std::move(initial), operation, transform);
  }

 private:
  std::variant<serial, threads, processes> m_engine;
};

static_assert(engine<serial> && engine<threads> && engine<processes> && engine<any_engine>);

}  // namespace tequio
