// SPDX-License-Identifier: MIT
// A call given to submit(), and the same call when its engine has started it: a tequio::future holds the second.
#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <stop_token>
#include <type_traits>
#include <utility>

#include "tequio/detail/sync/futex.hpp"
#include "tequio/detail/workers/child_call.hpp"
#include "tequio/detail/workers/child_task.hpp"
#include "tequio/worker_status.hpp"

namespace tequio::detail {

/// A call without its types. It runs in this process, or as the task of another one.
class submitted_call {
 public:
  submitted_call() = default;
  submitted_call(const submitted_call&) = delete;
  submitted_call& operator=(const submitted_call&) = delete;
  virtual ~submitted_call() = default;

  /// Makes the call and keeps its result; callable and arguments are destroyed before make() returns.
  virtual void make(std::stop_token stop) = 0;
  /// Puts the result into a std::optional of its type: a copy, or the result itself where it cannot be copied.
  virtual void give_result(void* result) = 0;
  /// The call as a task of another process; this object must live until the process is started or the task written.
  [[nodiscard]] virtual child_task task() = 0;
};

/// A submitted call that its engine has started.
class started_call {
 public:
  started_call() = default;
  started_call(const started_call&) = delete;
  started_call& operator=(const started_call&) = delete;
  /// Asks the call to stop and waits for it.
  virtual ~started_call() = default;

  /// False where the deadline has passed.
  [[nodiscard]] virtual bool wait(deadline until) = 0;
  virtual bool request_stop() = 0;
  /// Waits for the end and puts the result of the call into `result`.
  ///
  /// @param result a std::optional of the result's type; null where the call returns nothing.
  /// Errors:  worker_error unless it returned.
  virtual void get(void* result) = 0;
};

/// A call that submit() itself has made, in the calling thread.
class finished_call final : public started_call {
 public:
  explicit finished_call(std::unique_ptr<submitted_call> call);

  [[nodiscard]] bool wait(deadline until) override;
  bool request_stop() override;
  void get(void* result) override;

 private:
  std::unique_ptr<submitted_call> m_call;
  std::exception_ptr m_error{};
};

/// @tparam Call    a worker_call.
/// @tparam Travels whether its result may have to come back from another process.
template <class R, class Call, bool Travels>
class submitted_call_of final : public submitted_call {
  struct nothing {};
  using kept = std::conditional_t<std::is_void_v<R>, nothing, R>;

 public:
  explicit submitted_call_of(Call call) : m_call(std::move(call)) {}

  void make(std::stop_token stop) override {
    Call call = *std::move(m_call);
    m_call.reset();
    if constexpr (std::is_void_v<R>)
      static_cast<void>(call(std::move(stop)));
    else
      m_result.emplace(call(std::move(stop)));
  }
  void give_result(void* result) override {
    if constexpr (!std::is_void_v<R>) {
      auto& wanted = *static_cast<std::optional<R>*>(result);
      if constexpr (std::is_copy_constructible_v<R>)
        wanted.emplace(std::as_const(*m_result));
      else
        wanted.emplace(*std::move(m_result));
    }
  }
  [[nodiscard]] child_task task() override {
    if constexpr (Travels)
      return child_call<R, Call>::task(*m_call);
    else
      return {};
  }

 private:
  std::optional<Call> m_call;
  std::optional<kept> m_result{};
};

}  // namespace tequio::detail
