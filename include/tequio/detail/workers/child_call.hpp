// SPDX-License-Identifier: MIT
// A call as the task of a child process: how a forked one makes it, how a fresh image reads and makes it, and how the
// caller reads what it returned.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <tuple>
#include <type_traits>
#include <utility>

#include "tequio/detail/base/returnable.hpp"
#include "tequio/detail/workers/child_task.hpp"
#include "tequio/detail/workers/result_bytes.hpp"
#include "tequio/detail/workers/shipping.hpp"
#include "tequio/detail/workers/worker_call.hpp"

namespace tequio::detail {

/// @tparam Call a worker_call.
template <class R, class Call>
class child_call;

template <class R, class Callable, class... Arguments>
class child_call<R, worker_call<Callable, Arguments...>> {
  using call_type = worker_call<Callable, Arguments...>;

 public:
  /// The task that makes `call`, which must live until the child has been started.
  [[nodiscard]] static child_task task(call_type& call) {
    child_task made{
        .call = &call, .run = &run, .hand_over = &hand_over_arguments, .wants_token = call_type::wants_token};
    if constexpr (shippable<Callable, Arguments...>) {
      made.write = &write;
      made.run_written = &run_written;
    }
    if constexpr (!std::is_void_v<R>) {
      require_returnable<R>();
      made.read_result = &read;
      made.is_serialised = !returnable_as_bytes<R>;
      if (!made.is_serialised) {
        made.value_bytes = sizeof(R);
        made.value_alignment = alignof(R);
      }
    }
    return made;
  }

 private:
  static void make(call_type& call, const child_result& result, std::stop_token stop) {
    if constexpr (std::is_void_v<R>) {
      static_cast<void>(call(std::move(stop)));
    } else if constexpr (returnable_as_bytes<R>) {
      std::construct_at(reinterpret_cast<R*>(result.value()), call(std::move(stop)));
    } else {
      const R value = call(std::move(stop));
      result.output()(value);
    }
  }
  static void run(void* call, const child_result& result, std::stop_token stop) {
    make(*static_cast<call_type*>(call), result, std::move(stop));
  }
  static void write(const void* call, writer& out) {
    const auto& sent = *static_cast<const call_type*>(call);
    shipped<Callable>::write(out, sent.callable());
    std::apply([&](const Arguments&... each) { shipped_all<Arguments...>::write(out, each...); }, sent.arguments());
  }
  static void run_written(void* in, const child_result& result, std::stop_token stop) {
    auto& bytes = *static_cast<reader*>(in);
    shipped<Callable> callable(bytes);
    shipped_all<Arguments...> arguments(bytes);
    arguments.apply([&](auto&&... each) {
      call_type call(std::in_place, callable.take(), std::forward<decltype(each)>(each)...);
      make(call, result, std::move(stop));
    });
  }
  static void hand_over_arguments(const void* call, int process) {
    std::apply([&](const Arguments&... each) { (hand_over(each, process), ...); },
               static_cast<const call_type*>(call)->arguments());
  }
  static void read(void* result, reader& in) {
    if constexpr (!std::is_void_v<R>) static_cast<std::optional<R>*>(result)->emplace(read_result<R>(in));
  }
};

}  // namespace tequio::detail
