// SPDX-License-Identifier: MIT
// Where the results of a call go when its workers share the caller's memory: `serial` and `threads`.
#pragma once

#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "tequio/detail/engines/call_items.hpp"
#include "tequio/detail/engines/work.hpp"
#include "tequio/outcome.hpp"

namespace tequio::detail {

/// Status of the items of one call.
class local_items : public call_items {
 public:
  explicit local_items(std::size_t count) : m_memory(count) { m_status = m_memory; }

 private:
  std::vector<std::atomic<item_status>> m_memory;
};

/// Values that an array can hold by default before the call, so that the array itself becomes the result.
template <class Value>
concept plain_value =
    std::is_trivially_copyable_v<Value> && std::is_default_constructible_v<Value> && std::is_copy_assignable_v<Value> &&
    !std::same_as<Value, bool>;  // a vector<bool> packs several into a byte that threads would share

/// Values and their status.
template <class Value>
class local_store : public local_items {
 public:
  explicit local_store(std::size_t count) : local_items(count), m_values(count) {}

  void put(std::uint64_t item, Value&& value, worker&) {
    if constexpr (plain_value<Value>)
      m_values[item] = value;
    else
      m_values[item].emplace(std::move(value));
  }
  /// Moves the value of an item out; the item must have one.
  [[nodiscard]] Value take(std::uint64_t item) {
    if constexpr (plain_value<Value>)
      return m_values[item];
    else
      return *std::move(m_values[item]);
  }
  /// The values of all items, each of which must have one.
  [[nodiscard]] std::vector<Value> take_all() {
    if constexpr (plain_value<Value>) {
      return std::move(m_values);
    } else {
      std::vector<Value> all;
      all.reserve(m_values.size());
      for (std::optional<Value>& value : m_values) all.push_back(*std::move(value));
      return all;
    }
  }

 private:
  std::vector<std::conditional_t<plain_value<Value>, Value, std::optional<Value>>> m_values;
};

/// A worker that keeps failures in the caller's memory.
class local_worker final : public map_worker {
 public:
  local_worker(call_control& control, worker_slot& own, local_items& items, std::size_t number,
               const map_options& given, std::mutex& guard)
      : map_worker(control, own, items.status(), number, given), m_failures(items.failures()), m_guard(guard) {}

  void keep(failure reason) noexcept override;

 private:
  failure_map& m_failures;
  std::mutex& m_guard;
};

}  // namespace tequio::detail
