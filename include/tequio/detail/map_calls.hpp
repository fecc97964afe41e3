// SPDX-License-Identifier: MIT
// The calls every engine offers, written once over what an engine gives: a place for results and a way to run a job.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <functional>
#include <iterator>
#include <ranges>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "tequio/detail/local_store.hpp"
#include "tequio/detail/pairwise_sum.hpp"
#include "tequio/detail/work.hpp"
#include "tequio/map_options.hpp"
#include "tequio/outcome.hpp"

namespace tequio::detail {

template <class T>
concept tuple_item = requires {
  std::tuple_size<std::remove_cvref_t<T>>::value;
};

/// Calls with one item; a tuple's parts become arguments where the callable does not take the tuple itself.
template <class Callable, class Item>
decltype(auto) apply_item(Callable& callable, Item&& item) {
  if constexpr (tuple_item<Item> && !std::invocable<Callable&, Item>)
    return std::apply(callable, std::forward<Item>(item));
  else
    return std::invoke(callable, std::forward<Item>(item));
}

/// What a callable returns for an item of a range, as a value.
template <class Items, class Callable>
using item_result = std::remove_cvref_t<decltype(apply_item(std::declval<Callable&>(),
                                                            std::declval<std::ranges::range_reference_t<Items>>()))>;

/// Gives items by index. A range without random access is walked once before the call: where it can be walked again
/// only the places are kept, else the items themselves.
template <class Items>
class indexed {
 public:
  explicit indexed(Items& items) : m_first(std::ranges::begin(items)), m_size(std::ranges::size(items)) {}
  [[nodiscard]] std::size_t size() const { return m_size; }
  decltype(auto) operator[](std::size_t item) const {
    return m_first[static_cast<std::ranges::range_difference_t<Items>>(item)];
  }

 private:
  std::ranges::iterator_t<Items> m_first;
  std::size_t m_size;
};

template <class Items>
requires(std::ranges::forward_range<Items> &&
         (!std::ranges::random_access_range<Items> || !std::ranges::sized_range<Items>)) class indexed<Items> {
 public:
  explicit indexed(Items& items) {
    static_assert(!std::same_as<std::ranges::sentinel_t<Items>, std::unreachable_sentinel_t>,
                  "tequio: this range has no end; give it one, as std::views::iota(0, n) has");
    for (auto place = std::ranges::begin(items); place != std::ranges::end(items); ++place) m_places.push_back(place);
  }
  [[nodiscard]] std::size_t size() const { return m_places.size(); }
  decltype(auto) operator[](std::size_t item) const { return *m_places[item]; }

 private:
  std::vector<std::ranges::iterator_t<Items>> m_places{};
};

template <class Items>
requires(!std::ranges::forward_range<Items>) class indexed<Items> {
 public:
  explicit indexed(Items& items) {
    for (auto&& item : items) m_items.push_back({std::forward<decltype(item)>(item)});
  }
  [[nodiscard]] std::size_t size() const { return m_items.size(); }
  std::ranges::range_reference_t<Items> operator[](std::size_t item) {
    return static_cast<std::ranges::range_reference_t<Items>>(m_items[item].value);
  }

 private:
  // not the value alone: a vector<bool> has no references
  struct kept {
    std::ranges::range_value_t<Items> value;
  };
  std::vector<kept> m_items{};
};

/// The failure of an item that has no value.
[[nodiscard]] failure take_failure(failure_map& failures, std::uint64_t item, item_status status);

/// Throws task_error where an item of a finished call has no value.
void require_all(std::span<std::atomic<item_status>> status, failure_map& failures);

/// map, try_map, for_each, reduce and transform_reduce, for an engine that derives from it and has
///   `auto make_store<Value>(count)`  and  `void run(store, job_task, options)`.
///
/// All of them: run the callable once an item on the engine's workers; block until every item has its verdict or
/// `options.stop` is requested; results are in the order of the items and the same for any number of workers.
template <class Engine>
class map_calls {
 public:
  /// What the callable returns for each item.
  ///
  /// Errors:  task_error for the first failed item by index, all failures in it; the other items are still run
  ///          (see `map_options::on_error`).
  template <std::ranges::input_range Items, class Callable>
  auto map(Items&& items, const map_options& options, Callable&& callable) {
    using value = item_result<Items, Callable>;
    static_assert(!std::is_void_v<value>, "tequio: map wants a callable that returns a value; use for_each");
    auto store = call<value>(items, options, callable);
    require_all(store.status(), store.failures());
    return store.take_all();
  }
  template <std::ranges::input_range Items, class Callable>
  auto map(Items&& items, Callable&& callable) {
    return map(items, map_options{}, callable);
  }

  /// One outcome an item: what the callable returned, or why there is nothing.
  ///
  /// Errors:  only what the engine itself meets (no memory, no worker could be started); never an item's.
  template <std::ranges::input_range Items, class Callable>
  auto try_map(Items&& items, const map_options& options, Callable&& callable) {
    using value = item_result<Items, Callable>;
    static_assert(!std::is_void_v<value>, "tequio: try_map wants a callable that returns a value; use for_each");
    auto store = call<value>(items, options, callable);
    std::vector<outcome<value>> all;
    all.reserve(store.status().size());
    for (std::size_t item = 0; item < store.status().size(); ++item) {
      const item_status status = store.status()[item].load(std::memory_order_acquire);
      if (status != item_status::value) {
        all.emplace_back(take_failure(store.failures(), item, status));
        continue;
      }
      try {
        all.emplace_back(store.take(item));
      } catch (...) {
        all.emplace_back(current_failure(item));  // its own code says how it is read or moved
      }
    }
    return all;
  }
  template <std::ranges::input_range Items, class Callable>
  auto try_map(Items&& items, Callable&& callable) {
    return try_map(items, map_options{}, callable);
  }

  /// Calls for each item and keeps no result. On `processes` the callable sees copies: what it changes stays there.
  ///
  /// Errors:  as map().
  template <std::ranges::input_range Items, class Callable>
  void for_each(Items&& items, const map_options& options, Callable&& callable) {
    auto store = call<nothing>(items, options, callable);
    require_all(store.status(), store.failures());
  }
  template <std::ranges::input_range Items, class Callable>
  void for_each(Items&& items, Callable&& callable) {
    for_each(items, map_options{}, callable);
  }

  /// All items combined with `operation`, starting from `initial`.
  ///
  /// @param operation associative: it also combines what it made of some items with what it made of others. A fold such
  ///        as `s + x * x` is not; transform_reduce() is for that.
  ///
  /// Exact:   same bits on any engine and for any number of workers: blocks of 8,192 items are folded left to right,
  ///          then their results, so the order depends on the index range alone. A sum (std::plus) of floating-point
  ///          numbers in contiguous memory adds pairwise inside a block, which is NumPy's sum to the last bit.
  /// Errors:  as map(); an item is a block of 8,192.
  template <std::ranges::random_access_range Items, class Value, class Operation>
  Value reduce(Items&& items, const map_options& options, Value initial, Operation&& operation) {
    if constexpr (pairwise_summable<Items, Value, std::remove_cvref_t<Operation>>) {
      const auto sum_block = [&](std::size_t first, std::size_t last) {
        return pairwise_sum(std::span(std::ranges::data(items) + first, last - first));
      };
      return fold_blocks(std::ranges::size(items), options, std::move(initial), operation, sum_block);
    } else {
      return transform_reduce(items, options, std::move(initial), operation, std::identity{});
    }
  }
  template <std::ranges::random_access_range Items, class Value, class Operation>
  Value reduce(Items&& items, Value initial, Operation&& operation) {
    return reduce(items, map_options{}, std::move(initial), operation);
  }

  /// What `transform` makes of each item, combined as reduce() combines items: the sum of squares is
  /// `crew.transform_reduce(items, 0.0, std::plus<>{}, [](double x) { return x * x; })`.
  ///
  /// Exact:   as reduce(), without the pairwise sum.
  /// Errors:  as reduce().
  template <std::ranges::random_access_range Items, class Value, class Operation, class Transform>
  Value transform_reduce(Items&& items, const map_options& options, Value initial, Operation&& operation,
                         Transform&& transform) {
    const indexed<std::remove_reference_t<Items>> all(items);
    using part = std::remove_cvref_t<decltype(transform(all[0]))>;
    static_assert(!(std::integral<Value> && std::floating_point<part>),
                  "tequio: the initial value is an integer, so every fraction would be cut off; write 0.0 for 0");
    const auto fold_block = [&](std::size_t first, std::size_t last) {
      Value folded = static_cast<Value>(transform(all[first]));
      for (std::size_t item = first + 1; item < last; ++item)
        folded = operation(std::move(folded), static_cast<Value>(transform(all[item])));
      return folded;
    };
    return fold_blocks(all.size(), options, std::move(initial), operation, fold_block);
  }
  template <std::ranges::random_access_range Items, class Value, class Operation, class Transform>
  requires(!std::same_as<std::remove_cvref_t<Value>, map_options>) Value
      transform_reduce(Items&& items, Value initial, Operation&& operation, Transform&& transform) {
    return transform_reduce(items, map_options{}, std::move(initial), operation, transform);
  }

 private:
  static constexpr std::size_t reduce_block = 8192;

  // Folds each block of items on a worker, then the blocks' values in their order.
  template <class Value, class Operation, class FoldBlock>
  Value fold_blocks(std::size_t count, const map_options& options, Value initial, Operation& operation,
                    const FoldBlock& fold_block) {
    std::vector<std::size_t> firsts;  // not a view: Clang 14 cannot use those of GCC 12's library
    for (std::size_t first = 0; first < count; first += reduce_block) firsts.push_back(first);
    std::vector<Value> folded = map(firsts, options, [&](std::size_t first) -> Value {
      return fold_block(first, std::min(first + reduce_block, count));
    });
    for (Value& block : folded) initial = operation(std::move(initial), std::move(block));
    return initial;
  }

  // Runs the callable over all items; the store that comes back has a status for each.
  template <class Value, class Items, class Callable>
  auto call(Items& range, const map_options& options, Callable& callable) {
    indexed<std::remove_reference_t<Items>> items(range);
    auto& engine = static_cast<Engine&>(*this);
    auto store = engine.template make_store<Value>(items.size());
    auto run_one = [&](std::uint64_t item, worker& self) {
      if constexpr (std::same_as<Value, nothing>)
        static_cast<void>(apply_item(callable, items[item]));
      else
        store.put(item, static_cast<Value>(apply_item(callable, items[item])), self);
    };
    using run_one_type = decltype(run_one);
    const job_task task{[](void* context, worker& self) { run_in_hand(self, *static_cast<run_one_type*>(context)); },
                        &run_one};
    engine.run(store, task, options);
    return store;
  }
};

}  // namespace tequio::detail
