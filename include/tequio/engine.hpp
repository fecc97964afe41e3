// SPDX-License-Identifier: MIT
// The engines' common interface, and the one that is chosen at run time.
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tequio/detail/engines/any_store.hpp"
#include "tequio/detail/engines/engine_core.hpp"
#include "tequio/processes.hpp"
#include "tequio/serial.hpp"
#include "tequio/threads.hpp"

namespace tequio {

/// A class that runs a callable over items: `serial`, `threads`, `processes`, `any_engine`.
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

/// An engine that is chosen at run time. The calls are those of tequio/map_calls.hpp.
///
/// A result must be able to come back from another process, whatever the engine. Where the engine's workers have
/// neither the callable nor the items (they stand, or are on other machines), a call whose callable or items cannot be
/// sent is refused with an error.
class any_engine : public map_calls<any_engine> {
 public:
  /// Holds the engine: `any_engine crew{tequio::threads(4)};`
  template <class Engine>
  requires(std::derived_from<Engine, map_calls<Engine>> &&
           !std::same_as<Engine, any_engine>) explicit any_engine(Engine crew)
      : m_core(std::make_unique<detail::core_of<Engine>>(std::move(crew))) {}
  /// Of an engine that another library made.
  ///
  /// Errors:  error where `core` is null.
  explicit any_engine(std::unique_ptr<detail::engine_core> core);

  /// One of core_engines() by its name: "serial", "threads" or "processes".
  ///
  /// @param workers 0: one for each processor this process may use.
  /// Errors:  error for any other name, listing these three.
  [[nodiscard]] static any_engine named(std::string_view name, std::size_t workers = 0);

  [[nodiscard]] std::string_view name() const noexcept { return m_core->name(); }
  [[nodiscard]] std::size_t workers() const noexcept { return m_core->workers(); }
  /// Whether `map_options::timeout` can be used: an item that takes longer is ended together with its process.
  [[nodiscard]] bool ends_items() const noexcept { return m_core->kind().ends_items; }

 private:
  friend class map_calls<any_engine>;

  static constexpr detail::engine_kind kind{detail::result_memory::either, detail::work_transport::either};
  [[nodiscard]] detail::engine_kind chosen_kind() const noexcept { return m_core->kind(); }

  template <class Value>
  [[nodiscard]] detail::any_store<Value> make_store(std::size_t count) const {
    return detail::any_store<Value>(chosen_kind().results, count, workers());
  }
  template <class Value>
  [[nodiscard]] detail::any_cells<Value> make_cells(std::size_t count) const {
    return detail::any_cells<Value>(chosen_kind().results, count, workers());
  }
  void run(detail::call_items& items, const detail::call_task& task, const map_options& options);
  [[nodiscard]] std::unique_ptr<detail::stream_runner> make_runner(detail::stream_cells& cells,
                                                                   const detail::call_task& task,
                                                                   const map_options& options);
  [[nodiscard]] std::unique_ptr<detail::started_call> start_call(std::unique_ptr<detail::submitted_call> call);
  void require_shippable(bool is_shippable) const;

  std::unique_ptr<detail::engine_core> m_core;
};

/// Engines by name, for an option of a program. It is a value, which the program fills and hands on:
///
///   auto engines = tequio::core_engines();
///   engines.add("cluster", [&](std::size_t) { return tequio::any_engine(tequio::cluster(world)); });
///   auto crew = engines.make(options.engine, options.workers);
class engine_registry {
 public:
  /// Makes an engine; `workers` 0: its own default.
  using factory = std::function<any_engine(std::size_t workers)>;

  /// Errors:  error where an engine has that name already.
  void add(std::string name, factory make);

  /// In the order in which they were added.
  [[nodiscard]] std::vector<std::string> names() const;
  /// Errors:  error for an unknown name, listing the known ones; the errors of the engine.
  [[nodiscard]] any_engine make(std::string_view name, std::size_t workers = 0) const;

 private:
  struct entry {
    std::string name;
    factory make;
  };
  [[nodiscard]] const entry* find(std::string_view name) const noexcept;

  std::vector<entry> m_engines{};
};

/// The engines of this library: serial, threads, processes.
[[nodiscard]] engine_registry core_engines();

static_assert(engine<serial> && engine<threads> && engine<processes> && engine<any_engine>);

}  // namespace tequio
