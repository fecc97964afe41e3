// SPDX-License-Identifier: MIT
// The calls that every engine has: map, try_map, for_each, stream, submit, reduce, transform_reduce, described here.
// An engine's own header describes its workers. The calls are written once; an engine gives them a place for results
// and a way to run a call.
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <ranges>
#include <type_traits>
#include <utility>
#include <vector>

#include "tequio/detail/base/halves.hpp"
#include "tequio/detail/base/pairwise_sum.hpp"
#include "tequio/detail/engines/callable_checks.hpp"
#include "tequio/detail/engines/engine_kind.hpp"
#include "tequio/detail/engines/items.hpp"
#include "tequio/detail/engines/map_work.hpp"
#include "tequio/detail/engines/reduction.hpp"
#include "tequio/detail/engines/refused_calls.hpp"
#include "tequio/detail/engines/shipped_work.hpp"
#include "tequio/detail/engines/stream_call.hpp"
#include "tequio/detail/engines/submitted_call.hpp"
#include "tequio/detail/engines/work.hpp"
#include "tequio/detail/workers/worker_call.hpp"
#include "tequio/future.hpp"
#include "tequio/map_options.hpp"
#include "tequio/outcome.hpp"
#include "tequio/stream.hpp"
#include "tequio/unsafe_fork.hpp"

namespace tequio {
namespace detail {
template <class Engine>
class core_of;
}  // namespace detail

/// The calls of an engine: `serial`, `threads`, `processes`.
///
///   std::vector<double> means = crew.map(files, [&](const std::string& file) { return mean_of(file); });
///   auto verdicts = crew.try_map(files, {.timeout = 30s, .retries = 2}, read_one);
///   for (auto&& page : crew.stream(urls, fetch)) use(page);
///   double total = crew.reduce(array, 0.0, std::plus<>{});
///
/// Every call except streams and submit runs the callable once per item on the engine's workers, and blocks until every
/// item has its verdict or `options.stop` is requested. Results are in the order of the items, and the same for any
/// number of workers. Items are any range; one without random access (a list, a file) is walked once before the call. A
/// tuple's parts become the callable's arguments where it does not take the tuple itself. Options stand between items
/// and callable: see tequio/map_options.hpp.
///
/// An engine derives from it, makes it and core_of<Engine> (tequio/detail/engines/engine_core.hpp) friends, and has
///   `static constexpr detail::engine_kind kind`: where results lie, how work reaches its workers;
///   `name()`, `workers()`, and for results of a type `make_store<Value>(count)`, `make_cells<Value>(count)`;
///   `run(items, task, options)` for a map, `make_runner(cells, task, options)` for a stream, `start_call(call)` for
///   submit(): those of detail::engine_core, with the types of its kind.
template <class Engine>
class map_calls : private detail::refused_calls<Engine> {
 public:
  using detail::refused_calls<Engine>::map;
  using detail::refused_calls<Engine>::try_map;
  using detail::refused_calls<Engine>::for_each;
  using detail::refused_calls<Engine>::stream;
  using detail::refused_calls<Engine>::stream_unordered;
  using detail::refused_calls<Engine>::try_stream;
  using detail::refused_calls<Engine>::try_stream_unordered;
  using detail::refused_calls<Engine>::reduce;
  using detail::refused_calls<Engine>::transform_reduce;

  /// The callable's result for each item.
  ///
  /// Errors:  task_error, which names the first failed item by index and holds all failures; the other items are still
  ///          run (see `map_options::on_error`).
  template <std::ranges::input_range Items, class Callable>
  [[nodiscard]] auto map(Items&& items, const map_options& options, Callable&& callable) {
    if constexpr (!detail::is_map<Items, Callable>()) {
      return detail::refused();
    } else {
      using value = detail::item_result<Items, Callable>;
      auto store = call<value>(items, options, callable);
      detail::require_all(store.status(), store.failures());
      return store.take_all();
    }
  }
  template <std::ranges::input_range Items, class Callable>
  [[nodiscard]] auto map(Items&& items, Callable&& callable) {
    return map(items, map_options{}, callable);
  }

  /// One outcome per item: the callable's result, or the failure in its place.
  ///
  /// Errors:  only those of the engine itself (no memory, no worker could be started); never an item's.
  template <std::ranges::input_range Items, class Callable>
  [[nodiscard]] auto try_map(Items&& items, const map_options& options, Callable&& callable) {
    if constexpr (!detail::is_map<Items, Callable>()) {
      return detail::refused();
    } else {
      using value = detail::item_result<Items, Callable>;
      auto store = call<value>(items, options, callable);
      std::vector<outcome<value>> all;
      all.reserve(store.status().size());
      for (std::size_t item = 0; item < store.status().size(); ++item) {
        const detail::item_status status = store.status()[item].load(std::memory_order_acquire);
        if (status != detail::item_status::value) {
          all.emplace_back(detail::take_failure(store.failures(), item, status));
          continue;
        }
        try {
          all.emplace_back(store.take(item));
        } catch (...) {
          all.emplace_back(detail::current_failure(item));  // its own code says how it is read or moved
        }
      }
      return all;
    }
  }
  template <std::ranges::input_range Items, class Callable>
  [[nodiscard]] auto try_map(Items&& items, Callable&& callable) {
    return try_map(items, map_options{}, callable);
  }

  /// Calls for each item and keeps no result. On `processes` the callable sees copies, and its changes stay in the
  /// worker.
  ///
  /// Errors:  as map().
  template <std::ranges::input_range Items, class Callable>
  void for_each(Items&& items, const map_options& options, Callable&& callable) {
    if constexpr (detail::is_for_each<Items, Callable>()) {
      auto store = call<detail::nothing>(items, options, callable);
      detail::require_all(store.status(), store.failures());
    }
  }
  template <std::ranges::input_range Items, class Callable>
  void for_each(Items&& items, Callable&& callable) {
    for_each(items, map_options{}, callable);
  }

  /// The callable's result for each item, in the order of the items, to be read while workers run the next ones:
  ///   `for (auto&& page : crew.stream(urls, fetch)) use(page);`
  ///
  /// Workers start at the call and run at most `stream_options::ahead` items ahead of the reader; no further item is
  /// taken from the range, which may be endless (std::views::iota(0)). `serial` takes and runs an item when its result
  /// is asked for; on `threads` a stream has threads of its own. Leaving the loop early ends the workers, as a stop
  /// does.
  ///
  /// @param items an rvalue is moved into the stream, an lvalue is referred to. On `threads` and `serial`: any range
  ///        that can be read once. On `processes`: a range that can be walked again, because each worker walks it, as
  ///        it is at the call. The callable is copied, or moved.
  /// Errors:  those of the stream (tequio/stream.hpp). unsafe_fork, also while the stream is read: where a dead worker
  ///          must be replaced, and the program has started threads since the call.
  template <std::ranges::input_range Items, class Callable>
  [[nodiscard]] auto stream(Items&& items, const stream_options& options, Callable&& callable) {
    if constexpr (!detail::is_map<Items, std::decay_t<Callable>>())
      return detail::refused();
    else
      return tequio::stream(
          open(std::forward<Items>(items), options, std::forward<Callable>(callable), detail::stream_order::of_items));
  }
  template <std::ranges::input_range Items, class Callable>
  [[nodiscard]] auto stream(Items&& items, Callable&& callable) {
    return stream(std::forward<Items>(items), stream_options{}, std::forward<Callable>(callable));
  }

  /// As stream(), in the order in which the items are finished.
  template <std::ranges::input_range Items, class Callable>
  [[nodiscard]] auto stream_unordered(Items&& items, const stream_options& options, Callable&& callable) {
    if constexpr (!detail::is_map<Items, std::decay_t<Callable>>())
      return detail::refused();
    else
      return tequio::stream(open(std::forward<Items>(items), options, std::forward<Callable>(callable),
                                 detail::stream_order::as_finished));
  }
  template <std::ranges::input_range Items, class Callable>
  [[nodiscard]] auto stream_unordered(Items&& items, Callable&& callable) {
    return stream_unordered(std::forward<Items>(items), stream_options{}, std::forward<Callable>(callable));
  }

  /// As stream(), with an outcome for each item that was taken: its value, or the failure in its place.
  ///
  /// Errors:  only those of the engine itself; never an item's.
  template <std::ranges::input_range Items, class Callable>
  [[nodiscard]] auto try_stream(Items&& items, const stream_options& options, Callable&& callable) {
    if constexpr (!detail::is_map<Items, std::decay_t<Callable>>())
      return detail::refused();
    else
      return outcome_stream(
          open(std::forward<Items>(items), options, std::forward<Callable>(callable), detail::stream_order::of_items));
  }
  template <std::ranges::input_range Items, class Callable>
  [[nodiscard]] auto try_stream(Items&& items, Callable&& callable) {
    return try_stream(std::forward<Items>(items), stream_options{}, std::forward<Callable>(callable));
  }

  /// As try_stream(), in the order in which the items are finished; a failure names its item.
  template <std::ranges::input_range Items, class Callable>
  [[nodiscard]] auto try_stream_unordered(Items&& items, const stream_options& options, Callable&& callable) {
    if constexpr (!detail::is_map<Items, std::decay_t<Callable>>())
      return detail::refused();
    else
      return outcome_stream(open(std::forward<Items>(items), options, std::forward<Callable>(callable),
                                 detail::stream_order::as_finished));
  }
  template <std::ranges::input_range Items, class Callable>
  [[nodiscard]] auto try_stream_unordered(Items&& items, Callable&& callable) {
    return try_stream_unordered(std::forward<Items>(items), stream_options{}, std::forward<Callable>(callable));
  }

  /// Starts one call and gives its future: `auto size = crew.submit(count_words, text);`
  ///
  /// On `serial` the call is made at once. On `threads` it has a thread of its own, on `processes` a forked process:
  /// arguments and callable are those of tequio::thread and tequio::process. A call that is submitted inside a call of
  /// the same threads is made at once.
  ///
  /// Blocks:  while as many submitted calls run as the engine has workers.
  /// Errors:  those of the start; future::get() throws those of the call.
  template <class Callable, class... Arguments>
  [[nodiscard]] auto submit(Callable&& callable, Arguments&&... arguments) {
    detail::require_callable<std::decay_t<Callable>, std::decay_t<Arguments>...>();
    if constexpr (Engine::kind.work == detail::work_transport::sent) {
      detail::require_shippable_callable<std::decay_t<Callable>>();
      (detail::require_shippable_item<std::decay_t<Arguments>>(), ...);
    }
    using result = detail::worker_result<Callable, Arguments...>;
    auto call = detail::make_worker_call(std::forward<Callable>(callable), std::forward<Arguments>(arguments)...);
    using call_type = detail::submitted_call_of<result, decltype(call), detail::results_travel(Engine::kind)>;
    return future<result>(static_cast<Engine&>(*this).start_call(std::make_unique<call_type>(std::move(call))));
  }

  /// All items combined with `operation`, starting from `initial`.
  ///
  /// @param operation associative: it also combines its result for some items with its result for others. A fold such
  ///        as `s + x * x` is not associative; transform_reduce() is for that.
  ///
  /// Exact:   same bits on any engine and for any number of workers: the index range is halved, its halves too, down to
  ///          parts of at most 8,192 items (a first half is a multiple of 8 long). Items of a part are folded left to
  ///          right, parts are combined as they were halved, `initial` comes first. A sum (std::plus) of floating-point
  ///          numbers in contiguous memory is halved further, down to 128 of them: it has the bits of
  ///          np.sum(items, initial=initial) since NumPy 2.3.
  /// Errors:  as map(); an item is a part.
  template <std::ranges::random_access_range Items, class Value, class Operation>
  [[nodiscard]] Value reduce(Items&& items, const map_options& options, Value initial, Operation&& operation) {
    if constexpr (detail::pairwise_summable<Items, Value, std::remove_cvref_t<Operation>>) {
      const Value* const first = std::ranges::data(items);
      return fold_blocks(first, std::ranges::size(items), options, std::move(initial), operation,
                         detail::block_sum<Value>{});
    } else {
      return transform_reduce(items, options, std::move(initial), operation, std::identity{});
    }
  }
  template <std::ranges::random_access_range Items, class Value, class Operation>
  [[nodiscard]] Value reduce(Items&& items, Value initial, Operation&& operation) {
    return reduce(items, map_options{}, std::move(initial), operation);
  }

  /// The results of `transform` for each item, combined as reduce() combines items: the sum of squares is
  /// `crew.transform_reduce(items, 0.0, std::plus<>{}, [](double x) { return x * x; })`.
  ///
  /// Exact:   as reduce(), without the pairwise sum.
  /// Errors:  as reduce().
  template <std::ranges::random_access_range Items, class Value, class Operation, class Transform>
  [[nodiscard]] Value transform_reduce(Items&& items, const map_options& options, Value initial, Operation&& operation,
                                       Transform&& transform) {
    if constexpr (!detail::is_reduction<Items, Value, Operation, Transform>()) {
      return initial;
    } else {
      const detail::indexed<std::remove_reference_t<Items>> all(items);
      return fold_blocks(std::ranges::begin(items), all.size(), options, std::move(initial), operation,
                         detail::block_fold<Value, Operation&, Transform&>(operation, transform));
    }
  }
  template <std::ranges::random_access_range Items, class Value, class Operation, class Transform>
  requires(!std::same_as<std::remove_cvref_t<Value>, map_options>) [[nodiscard]] Value
      transform_reduce(Items&& items, Value initial, Operation&& operation, Transform&& transform) {
    return transform_reduce(items, map_options{}, std::move(initial), operation, transform);
  }

 private:
  // The kind of the chosen engine, where it is chosen at run time.
  [[nodiscard]] detail::engine_kind chosen_kind() const noexcept {
    if constexpr (Engine::kind.results == detail::result_memory::either)
      return static_cast<const Engine&>(*this).chosen_kind();
    else
      return Engine::kind;
  }

  // Folds each block of items on a worker, then combines the blocks' values as the blocks were cut.
  template <class Iterator, class Value, class Operation, class Fold>
  Value fold_blocks(Iterator first, std::size_t count, const map_options& options, Value initial, Operation& operation,
                    Fold fold) {
    if (count == 0) return initial;
    std::vector<Value> folded = map(detail::blocks_of(first, count), options, fold);
    auto next = folded.begin();
    return operation(std::move(initial), detail::combine_halves<Value>(count, next, operation));
  }

  template <class Items, class Callable>
  auto open(Items&& items, const stream_options& options, Callable&& callable, detail::stream_order order) {
    using value = detail::item_result<std::remove_reference_t<Items>, std::decay_t<Callable>>;
    auto& engine = static_cast<Engine&>(*this);
    auto make_cells = [&](std::size_t count) { return engine.template make_cells<value>(count); };
    auto make_runner = [&](auto& cells, const detail::call_task& task, const map_options& chosen) {
      return engine.make_runner(cells, task, chosen);
    };
    using source = detail::stream_call<value, Items, std::decay_t<Callable>, decltype(make_cells(0)), Engine::kind>;
    return std::unique_ptr<detail::stream_source<value>>(
        std::make_unique<source>(std::forward<Items>(items), std::forward<Callable>(callable), options, order,
                                 engine.workers(), chosen_kind(), make_cells, make_runner));
  }

  // Runs the callable over all items; the store that comes back has a status for each.
  template <class Value, class Items, class Callable>
  auto call(Items& range, const map_options& options, Callable& callable) {
    detail::indexed<std::remove_reference_t<Items>> items(range);
    auto& engine = static_cast<Engine&>(*this);
    auto store = engine.template make_store<Value>(items.size());
    using work = detail::map_work<Value, std::remove_reference_t<Items>, Callable, decltype(store)>;
    work all(items, callable, store);
    using shipping = detail::shipping_of<Value, std::remove_reference_t<Items>, Callable, work>;
    engine.run(store, all.task(shipping::template get<Engine::kind>()), options);
    return store;
  }
};

}  // namespace tequio
