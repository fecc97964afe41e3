// SPDX-License-Identifier: MIT
// A reduction as a map: its items are blocks of the range, and its callable folds a block. Blocks can be sent as items.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "tequio/detail/base/halves.hpp"
#include "tequio/detail/base/pairwise_sum.hpp"
#include "tequio/detail/engines/shipped_work.hpp"

namespace tequio::detail {

/// Neighbouring items of a range.
template <std::random_access_iterator Iterator>
class item_block {
 public:
  item_block() = default;
  item_block(Iterator first, std::size_t size) : m_first(first), m_size(size) {}

  [[nodiscard]] Iterator begin() const { return m_first; }
  [[nodiscard]] std::size_t size() const noexcept { return m_size; }
  decltype(auto) operator[](std::size_t item) const {
    return m_first[static_cast<std::iter_difference_t<Iterator>>(item)];
  }

 private:
  Iterator m_first{};
  std::size_t m_size = 0;
};

/// The blocks into which detail::halved() cuts `count` items from `first` on.
template <std::random_access_iterator Iterator>
[[nodiscard]] std::vector<item_block<Iterator>> blocks_of(Iterator first, std::size_t count) {
  std::vector<item_block<Iterator>> blocks;
  for (const index_range part : halved(count))
    blocks.emplace_back(first + static_cast<std::iter_difference_t<Iterator>>(part.first), part.size());
  return blocks;
}

/// Sums a block as NumPy does.
template <std::floating_point Number>
struct block_sum {
  Number operator()(const item_block<const Number*>& block) const {
    return pairwise_sum(std::span(block.begin(), block.size()));
  }
};

/// Folds a block from left to right.
///
/// @tparam Operation, Transform references, where the caller's are used.
template <class Value, class Operation, class Transform>
class block_fold {
 public:
  block_fold(Operation&& operation, Transform&& transform)
      : m_operation(std::forward<Operation>(operation)), m_transform(std::forward<Transform>(transform)) {}

  template <class Block>
  Value operator()(const Block& block) {
    Value folded = static_cast<Value>(m_transform(block[0]));
    for (std::size_t item = 1; item < block.size(); ++item)
      folded = m_operation(std::move(folded), static_cast<Value>(m_transform(block[item])));
    return folded;
  }

  [[nodiscard]] const std::remove_reference_t<Operation>& operation() const noexcept { return m_operation; }
  [[nodiscard]] const std::remove_reference_t<Transform>& transform() const noexcept { return m_transform; }

 private:
  Operation m_operation;
  Transform m_transform;
};

template <class Iterator>
inline constexpr bool is_shippable_item<item_block<Iterator>> = is_shippable_item<std::iter_value_t<Iterator>>;

/// The items of a block, in memory of their own.
template <class Iterator>
class shipped<item_block<Iterator>> {
  using item_type = std::iter_value_t<Iterator>;
  static constexpr bool in_one = any_bytes<item_type> && std::contiguous_iterator<Iterator>;

 public:
  static void write(writer& out, const item_block<Iterator>& block) {
    out(static_cast<std::uint64_t>(block.size()));
    if constexpr (in_one)
      out.bytes(std::to_address(block.begin()), block.size() * sizeof(item_type));
    else
      for (std::size_t item = 0; item < block.size(); ++item) shipped<item_type>::write(out, block[item]);
  }
  explicit shipped(reader& in)
      : m_size(in.length(in_one ? sizeof(item_type) : 1)), m_items(std::make_unique<item_type[]>(m_size)) {
    if constexpr (in_one)
      in.bytes(m_items.get(), m_size * sizeof(item_type));
    else
      for (std::size_t item = 0; item < m_size; ++item) m_items[item] = shipped<item_type>(in).take();
  }

  [[nodiscard]] item_block<const item_type*> take() const noexcept { return {m_items.get(), m_size}; }

 private:
  std::size_t m_size;
  std::unique_ptr<item_type[]> m_items;
};

template <class Value, class Operation, class Transform>
inline constexpr bool is_shippable_callable<block_fold<Value, Operation, Transform>> =
    shippable<Operation>&& shippable<Transform>;

template <class Value, class Operation, class Transform>
class shipped<block_fold<Value, Operation, Transform>> {
  using own_fold = block_fold<Value, std::decay_t<Operation>, std::decay_t<Transform>>;

 public:
  static void write(writer& out, const block_fold<Value, Operation, Transform>& fold) {
    shipped<std::decay_t<Operation>>::write(out, fold.operation());
    shipped<std::decay_t<Transform>>::write(out, fold.transform());
  }
  explicit shipped(reader& in) : m_operation(in), m_transform(in) {}

  [[nodiscard]] own_fold take() { return own_fold(m_operation.take(), m_transform.take()); }

 private:
  shipped<std::decay_t<Operation>> m_operation;
  shipped<std::decay_t<Transform>> m_transform;
};

}  // namespace tequio::detail
