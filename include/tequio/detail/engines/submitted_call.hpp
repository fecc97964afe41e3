// SPDX-License-Identifier: MIT
// A call given to submit(), and the same call in the hands of its engine: what stands behind a tequio::future.
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

/// A call without its types. It is made here, or as the task of another process.
class submitted_call {
 public:
  submitted_call() = default;
  submitted_call(const submitted_call&) = delete;
  submitted_call& operator=(const submitted_call&) = delete;
  virtual ~submitted_call() = default;

  /// Makes the call and keeps what it returns; callable and arguments are destroyed before it ends.
  virtual void make(std::stop_token stop) = 0;
  /// Gives what make() kept to a future, in a std::optional of it: a copy, or the thing itself where there is none.
  virtual void give_result(void* result) = 0;
  /// What another process has to do; this must live until that has been started, or the task been written.
  [[nodiscard]] virtual child_task task() = 0;
};

/// A submitted call that its engine has taken.
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
  /// Waits for the end and gives what the call returned.
  ///
  /// @param result a std::optional of it; null where it returns nothing.
  /// Errors:  worker_error unless it returned.
  virtual void get(void* result) = 0;
};

/// A call that the caller has made itself, when it was submitted.
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
