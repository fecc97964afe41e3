// SPDX-License-Identifier: MIT
// The work of a call for workers that have neither its callable nor its items: the callable travels once, then each
// item, and each result comes back. An engine whose kind says work_transport::sent finds it in call_task::shipping.
#pragma once

#include <cstdint>
#include <memory>
#include <ranges>
#include <type_traits>
#include <utility>

#include "tequio/detail/engines/engine_kind.hpp"
#include "tequio/detail/engines/items.hpp"
#include "tequio/detail/engines/work.hpp"
#include "tequio/detail/workers/result_bytes.hpp"
#include "tequio/detail/workers/shipping.hpp"
#include "tequio/serialize.hpp"

namespace tequio::detail {

/// The callable of a call, in the worker that received it.
class remote_work {
 public:
  remote_work() = default;
  remote_work(const remote_work&) = delete;
  remote_work& operator=(const remote_work&) = delete;
  virtual ~remote_work() = default;

  /// Runs the item that `in` holds and writes its result, if the call keeps results.
  ///
  /// Errors:  those of the callable; serialize_error.
  virtual void run(reader& in, writer& out) = 0;
};

/// The functions that send the work of one call. They take the call_task's context, except `make`, which is called in
/// the worker: place_of() gives its address in another image of the program.
struct work_shipping {
  std::unique_ptr<remote_work> (*make)(reader& callable) = nullptr;
  void (*write_callable)(const void* context, writer& out) = nullptr;
  /// Called in the calling process. The item of a map is found by its number, the item of a stream by its cell, in
  /// stream_runner::prepare().
  void (*write_item)(void* context, std::uint64_t item, std::uint32_t cell, writer& out) = nullptr;
  /// Stores the result that remote_work::run() has written.
  void (*keep_result)(void* context, worker& self, std::uint64_t item, reader& in) = nullptr;
};

/// Whether items of a type can be sent.
template <class Item>
inline constexpr bool is_shippable_item = can_be_shipped<Item>();

/// Whether a callable can be sent.
template <class Callable>
inline constexpr bool is_shippable_callable = shippable<Callable>;

template <class Callable>
constexpr void require_shippable_callable() {
  static_assert(is_shippable_callable<Callable>,
                "tequio: the callable cannot be sent to this engine's workers; give a function, a lambda without "
                "captures, or tequio::bind_values()");
}
template <class Item>
constexpr void require_shippable_item() {
  static_assert(is_shippable_item<Item>,
                "tequio: items of this type cannot be sent to this engine's workers; they need serialize(), see "
                "tequio/serialize.hpp");
}

/// The type in which a callable is kept: for a function, a pointer to it.
template <class Callable>
using kept_callable = std::conditional_t<std::is_function_v<std::remove_reference_t<Callable>>, std::decay_t<Callable>,
                                         std::remove_reference_t<Callable>>;

/// A received item, as the type that the range would have given to the callable.
template <class Reference, class Item>
decltype(auto) as_reference(Item& item) {
  if constexpr (std::is_reference_v<Reference> && requires { static_cast<Reference>(item); })
    return static_cast<Reference>(item);
  else if constexpr (std::is_same_v<Reference, Item>)
    return static_cast<Item&&>(item);
  else
    return static_cast<Item&>(item);  // the range's reference is a class of its own, such as that of a vector<bool>
}

template <class Value, class Items, class Callable>
class remote_work_of final : public remote_work {
  using reference = std::ranges::range_reference_t<Items>;
  using callable_type = kept_callable<Callable>;

 public:
  explicit remote_work_of(reader& in) : m_shipped(in), m_callable(m_shipped.take()) {}

  [[nodiscard]] static std::unique_ptr<remote_work> make(reader& callable) {
    return std::make_unique<remote_work_of>(callable);
  }

  void run(reader& in, writer& out) override {
    shipped<std::ranges::range_value_t<Items>> arrived(in);
    auto item = arrived.take();
    if constexpr (std::is_same_v<Value, nothing>)
      static_cast<void>(apply_item(m_callable, as_reference<reference>(item)));
    else
      write_result(out, static_cast<Value>(apply_item(m_callable, as_reference<reference>(item))));
  }

 private:
  using shipped_callable = shipped<std::remove_const_t<callable_type>>;
  using taken = decltype(std::declval<shipped_callable&>().take());

  shipped_callable m_shipped;
  std::conditional_t<std::is_const_v<callable_type>, const taken, taken> m_callable;
};

/// The functions of work_shipping for one type of call.
///
/// @tparam Work the call's context: it has `sent_callable()`, `sent_item(number, cell)` and `put(self, number, value)`.
template <class Value, class Items, class Callable, class Work>
class shipping_of {
  using item_type = std::ranges::range_value_t<Items>;
  using callable_type = std::remove_const_t<kept_callable<Callable>>;

  static void write_callable(const void* context, writer& out) {
    shipped<callable_type>::write(out, static_cast<const Work*>(context)->sent_callable());
  }
  static void write_item(void* context, std::uint64_t item, std::uint32_t cell, writer& out) {
    shipped<item_type>::write(out, static_cast<Work*>(context)->sent_item(item, cell));
  }
  static void keep_result(void* context, worker& self, std::uint64_t item, reader& in) {
    if constexpr (!std::is_same_v<Value, nothing>) static_cast<Work*>(context)->put(self, item, read_result<Value>(in));
  }

 public:
  /// For an engine of this kind. Null where nothing need be sent, and, of an engine chosen at run time, where the
  /// callable or the items cannot be; for one that always sends, that is refused.
  template <engine_kind Kind>
  [[nodiscard]] static const work_shipping* get() noexcept {
    if constexpr (Kind.work == work_transport::sent) {
      require_shippable_callable<callable_type>();
      require_shippable_item<item_type>();
    }
    if constexpr (Kind.work != work_transport::in_place && is_shippable_item<item_type> &&
                  is_shippable_callable<callable_type>) {
      static constexpr work_shipping found{.make = &remote_work_of<Value, Items, Callable>::make,
                                           .write_callable = &write_callable,
                                           .write_item = &write_item,
                                           .keep_result = &keep_result};
      return &found;
    } else {
      return nullptr;
    }
  }
};

}  // namespace tequio::detail
