// SPDX-License-Identifier: MIT
// Where the results of a call go when its engine is chosen at run time: the caller's memory or the arena.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "tequio/detail/engines/engine_kind.hpp"
#include "tequio/detail/engines/local_store.hpp"
#include "tequio/detail/engines/shared_store.hpp"
#include "tequio/detail/engines/stream_cells.hpp"

namespace tequio::detail {

/// Results of a map. Its cost per item is one branch, which goes the same way for all items of a call.
template <class Value>
class any_store {
  using local = local_store<Value>;
  using shared = shared_store<Value>;

 public:
  any_store(result_memory where, std::size_t count, std::size_t workers)
      : m_store(where == result_memory::callers ? store(std::in_place_type<local>, count)
                                                : store(std::in_place_type<shared>, count, workers)) {}

  operator call_items&() noexcept {  // NOLINT(google-explicit-constructor): as the base class it stands for
    if (auto* const here = std::get_if<local>(&m_store)) return *here;
    return *std::get_if<shared>(&m_store);
  }
  [[nodiscard]] std::span<std::atomic<item_status>> status() noexcept {
    return static_cast<call_items&>(*this).status();
  }
  [[nodiscard]] failure_map& failures() noexcept { return static_cast<call_items&>(*this).failures(); }

  void put(std::uint64_t item, Value&& value, worker& self) {
    if (auto* const here = std::get_if<local>(&m_store))
      here->put(item, std::move(value), self);
    else
      std::get_if<shared>(&m_store)->put(item, std::move(value), self);
  }
  [[nodiscard]] Value take(std::uint64_t item) {
    if (auto* const here = std::get_if<local>(&m_store)) return here->take(item);
    return std::get_if<shared>(&m_store)->take(item);
  }
  [[nodiscard]] std::vector<Value> take_all() {
    if (auto* const here = std::get_if<local>(&m_store)) return here->take_all();
    return std::get_if<shared>(&m_store)->take_all();
  }

 private:
  using store = std::variant<local, shared>;
  store m_store;
};

/// Results of a stream.
template <class Value>
class any_cells {
  using local = local_cells<Value>;
  using shared = shared_cells<Value>;

 public:
  any_cells(result_memory where, std::size_t cells, std::size_t workers) {
    if (where == result_memory::callers)
      m_cells.template emplace<local>(cells);
    else
      m_cells.template emplace<shared>(cells, workers);
  }

  operator stream_cells&() noexcept {  // NOLINT(google-explicit-constructor): as the base class it stands for
    if (auto* const here = std::get_if<local>(&m_cells)) return *here;
    return *std::get_if<shared>(&m_cells);
  }
  [[nodiscard]] stream_board& board() noexcept { return static_cast<stream_cells&>(*this).board(); }

  void put(stream_worker& self, Value&& value) {
    if (auto* const here = std::get_if<local>(&m_cells))
      here->put(self, std::move(value));
    else
      std::get_if<shared>(&m_cells)->put(self, std::move(value));
  }
  [[nodiscard]] outcome<Value> take(std::uint32_t cell) {
    if (auto* const here = std::get_if<local>(&m_cells)) return here->take(cell);
    return std::get_if<shared>(&m_cells)->take(cell);
  }

 private:
  std::variant<std::monostate, local, shared> m_cells{};
};

}  // namespace tequio::detail
