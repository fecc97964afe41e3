// SPDX-License-Identifier: MIT
// The memory that a child and its parent share: a stop flag one way, the outcome the other. A dead child may have
// written any bytes to it, so the parent checks them.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

#include "tequio/detail/memory/arena.hpp"
#include "tequio/detail/workers/child_task.hpp"
#include "tequio/detail/workers/worker_identity.hpp"
#include "tequio/outcome.hpp"

namespace tequio::detail {

enum class child_outcome : std::uint32_t { none, value, error };

/// Lies at the start of the record's memory.
///
/// Invariant: a child stores `outcome` last; so the result or failure behind it is complete, whenever the child dies.
struct child_record {
  std::atomic<std::uint32_t> stop{0};   // 1: requested; the child's watcher sleeps on it
  std::atomic<std::uint32_t> begun{0};  // 1: the child has taken its task
  std::atomic<child_outcome> outcome{child_outcome::none};
  std::uint64_t result_bytes = 0;  // of a serialised result: in the value's place, or in the file
  std::uint64_t failure_bytes = 0;
  std::byte* room = nullptr;  // addresses for the failure
};

/// One child's record: | child_record | value |, and addresses for a failure, which get memory when there is a failure.
class child_record_memory {
 public:
  /// The largest serialised result that lies in the place of the value.
  static constexpr std::size_t small_result_bytes = 512;

  explicit child_record_memory(const child_task& task);
  /// In a spawned image: the record that another process made at `base` for such a task.
  child_record_memory(const child_task& task, std::byte* base);
  child_record_memory(child_record_memory&&) = delete;
  /// Runs when the child has ended.
  ~child_record_memory();

  [[nodiscard]] child_record& record() const noexcept { return *reinterpret_cast<child_record*>(m_base); }
  [[nodiscard]] std::byte* base() const noexcept { return m_base; }
  [[nodiscard]] std::byte* value() const noexcept { return m_base + m_value; }

  /// The identity that this_worker tells in the child.
  [[nodiscard]] worker_identity identity(std::string name, std::size_t number) const;

  /// In the child: keeps the reason why there is no value, as far as there is memory for its text.
  void keep(failure reason) const noexcept;
  /// In the parent: the reason that the child kept; without a text where that is damaged.
  [[nodiscard]] failure kept_failure() const;

 private:
  arena_extent m_memory{};  // none in a spawned image
  std::byte* m_base;
  std::size_t m_value;    // offset of the value
  arena_extent m_room{};  // for a failure; none in a spawned image
};

/// In the child: sets the identity that this_worker and `ps` tell, for the rest of its life; `identity` must live as
/// long.
void take_identity(const worker_identity& identity) noexcept;

/// In the child: makes the call of `task`, stores its outcome in the record, and ends the process.
[[noreturn]] void live_as_child(const child_task& task, const child_record_memory& memory, int result_file) noexcept;

}  // namespace tequio::detail
