// SPDX-License-Identifier: MIT
// Room for as many submitted calls at once as an engine has workers; the next call waits for a place.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <utility>

#include "tequio/detail/base/requirements.hpp"

namespace tequio::detail {

/// The room of calls that threads run.
class thread_room {
 public:
  /// The place of one call, given back by the destructor.
  class place {
   public:
    explicit place(std::shared_ptr<thread_room> room) noexcept : m_room(std::move(room)) {}
    place(place&&) noexcept = default;
    place& operator=(place&&) = delete;
    ~place();
    [[nodiscard]] const thread_room& room() const noexcept { return *m_room; }

   private:
    std::shared_ptr<thread_room> m_room;
  };
  /// While it lives, the calling thread makes a call in this room.
  class visit {
   public:
    explicit visit(const thread_room& room) noexcept;
    visit(const visit&) = delete;
    visit& operator=(const visit&) = delete;
    ~visit();

   private:
    const thread_room* m_before;
  };

  explicit thread_room(std::size_t places);
  ~thread_room();

  /// Whether the calling thread makes a call in this room: it must not wait for another place.
  [[nodiscard]] bool is_here() const noexcept;
  /// Blocks:  until there is room.
  [[nodiscard]] static place enter(const std::shared_ptr<thread_room>& room);

 private:
  struct state;
  std::unique_ptr<state> m_state;
};

/// The room of calls that processes run, which it knows by their pidfds.
class process_room {
 public:
  process_room();
  ~process_room();

  /// Blocks:  until fewer than `places` processes run.
  void wait_for_place(std::size_t places);
  /// Adds a process that has been started and not been waited for yet.
  void add(pid_t process);

 private:
  struct state;
  std::unique_ptr<state> m_state;
};

}  // namespace tequio::detail
