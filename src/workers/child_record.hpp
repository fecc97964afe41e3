// SPDX-License-Identifier: MIT
// What a child and its parent share: a stop flag one way, the outcome the other.
// A dead child may have written anything into it, so the parent checks what it reads.
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
/// Invariant: `outcome` is the last thing a child stores; so what it tells of lies there whole, whenever the child dies.
struct child_record {
  std::atomic<std::uint32_t> stop{0};   // 1: asked to; slept on by the child's watcher
  std::atomic<std::uint32_t> begun{0};  // 1: the child has taken its task
  std::atomic<child_outcome> outcome{child_outcome::none};
  std::uint64_t result_bytes = 0;  // serialised ones: in the value's place where they fit, else in the memory file
  std::uint64_t failure_bytes = 0;
  std::byte* room = nullptr;  // of addresses, for the failure
};

/// One child's record: | child_record | value |, and room for a failure, which gets memory when there is one.
class child_record_memory {
 public:
  static constexpr std::size_t small_result_bytes = 512;  ///< for which a serialised result has room there

  explicit child_record_memory(const child_task& task);
  /// In a fresh image: the record that another process made there for such a task.
  child_record_memory(const child_task& task, std::byte* base);
  child_record_memory(child_record_memory&&) = delete;
  /// When the child has ended.
  ~child_record_memory();

  [[nodiscard]] child_record& record() const noexcept { return *reinterpret_cast<child_record*>(m_base); }
  [[nodiscard]] std::byte* base() const noexcept { return m_base; }
  [[nodiscard]] std::byte* value() const noexcept { return m_base + m_value; }

  /// What this_worker tells in the child.
  [[nodiscard]] worker_identity identity(std::string name, std::size_t number) const;

  /// In the child: keeps why there is no value, as much of it as there is room and memory for.
  void keep(failure reason) const noexcept;
  /// In the parent: what the child kept; without a text where that is not to be believed.
  [[nodiscard]] failure kept_failure() const;

 private:
  arena_extent m_memory{};  // none in a fresh image
  std::byte* m_base;
  std::size_t m_value;    // offset of the value
  arena_extent m_room{};  // for a failure; none in a fresh image
};

/// In the child: what this_worker and `ps` tell; for the rest of its life, in which `identity` is not destroyed.
void take_identity(const worker_identity& identity) noexcept;

/// In the child: makes the call of `task` and leaves its outcome in the record; then the process ends.
[[noreturn]] void live_as_child(const child_task& task, const child_record_memory& memory, int result_file) noexcept;

}  // namespace tequio::detail
