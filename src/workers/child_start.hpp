// SPDX-License-Identifier: MIT
// How a child begins, forked or spawned: it holds no descriptor that belongs to its parent alone, ends when its parent
// ends, and waits until its parent can watch it.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tequio/descriptor.hpp"

namespace tequio::detail {

/// A descriptor that no forked child may hold: the child closes it at its start.
class parents_descriptor {
 public:
  parents_descriptor() noexcept = default;
  explicit parents_descriptor(descriptor file);
  parents_descriptor(parents_descriptor&& other) noexcept;
  parents_descriptor& operator=(parents_descriptor&& other) noexcept;
  parents_descriptor(const parents_descriptor&) = delete;
  parents_descriptor& operator=(const parents_descriptor&) = delete;
  ~parents_descriptor() { close(); }

  [[nodiscard]] int number() const noexcept { return m_file.number(); }
  /// Whether it is open in this process; in a child the number may name another file.
  explicit operator bool() const noexcept { return m_file && is_mine(); }
  void close() noexcept;

 private:
  [[nodiscard]] bool is_mine() const noexcept { return m_process == ::getpid(); }

  descriptor m_file{};
  pid_t m_process = 0;
};

struct pipe_ends {
  descriptor read{};
  descriptor write{};
};

/// A pipe above the standard streams. Where the system has none left, the error names `object` and `problem`.
[[nodiscard]] pipe_ends make_pipe(std::string_view object, std::string_view problem = "cannot be made");

/// What a child does on signals that its parent's `interruption` catches.
enum class caught_signals {
  ignored,  ///< terminals and batch systems send them to the whole group: the parent decides when its workers end
  deadly,   ///< SIGTERM ends it
};

/// Options of a forked child.
struct fork_options {
  caught_signals caught = caught_signals::ignored;
  bool writes = true;             ///< it writes to streams: flush stdio before the fork
  bool ends_with_thread = false;  ///< die with the forking thread (usually the main thread)
};

/// A started child.
struct child_handle {
  pid_t pid = 0;
  parents_descriptor process{};   ///< a pidfd: readable when the child has ended
  parents_descriptor lifeline{};  ///< the only write end of a pipe: the child is killed when it closes
};

/// What a spawned image inherits.
struct spawn_setting {
  std::vector<int> files{};  ///< descriptors, which keep their numbers
  std::string variable{};    ///< "NAME=value"
};

/// Forks a child that runs `life`.
///
/// Errors:  error naming `object` where the child cannot be forked or watched; no child is left then.
[[nodiscard]] child_handle fork_child(const std::string& object, const fork_options& options,
                                      const std::function<void()>& life);

/// Spawns an image of this program with the setting that `prepare` returns for the number of the lifeline. Its main()
/// must call worker_main().
///
/// Errors:  as fork_child().
[[nodiscard]] child_handle spawn_child(const std::string& object,
                                       const std::function<spawn_setting(int lifeline)>& prepare);

/// In a child: makes the kernel kill it when the lifeline's last write end closes, and waits for the go-ahead.
void tie_to(const descriptor& lifeline, bool ends_with_thread) noexcept;
/// In a child: sets each signal that the parent handles to its default.
void reset_signals(caught_signals caught) noexcept;

}  // namespace tequio::detail
