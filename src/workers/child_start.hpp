// SPDX-License-Identifier: MIT
// How a forked child of tequio's begins: it holds nothing that is only its parent's, ends when its parent ends, and
// waits until its parent can watch it.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tequio/descriptor.hpp"

namespace tequio::detail {

/// A descriptor that no forked child of tequio's may hold: it is closed there at once.
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
  /// Whether it is open here; in a child the number may be somebody else's by now.
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

/// A pipe above the standard streams; `object` is named where there can be none, and that `problem` with it.
[[nodiscard]] pipe_ends make_pipe(std::string_view object, std::string_view problem = "cannot be made");

/// What a child does with signals that its parent's `interruption` catches.
enum class caught_signals {
  ignored,  ///< terminals and batch systems send them to the whole group: the parent decides when its workers end
  deadly,   ///< it can be ended with SIGTERM
};

/// What a child keeps of its parent.
struct fork_options {
  caught_signals caught = caught_signals::ignored;
  bool writes = true;             ///< to streams, whose buffers it would find full
  bool ends_with_thread = false;  ///< also when the thread that forked it ends, which is the parent's last as a rule
};

/// A child that has been started.
struct child_handle {
  pid_t pid = 0;
  parents_descriptor process{};   ///< a pidfd: readable when the child has ended
  parents_descriptor lifeline{};  ///< the only write end: when it closes, the child is killed
};

/// What a fresh image needs to know.
struct spawn_setting {
  std::vector<int> files{};  ///< descriptors it inherits, under the same numbers
  std::string variable{};    ///< "NAME=value"
};

/// Forks a child that runs `life`, which does not return.
///
/// Errors:  error naming `object` where the child cannot be forked or watched; none is left then.
[[nodiscard]] child_handle fork_child(const std::string& object, const fork_options& options,
                                      const std::function<void()>& life);

/// Starts a fresh image of this program with what `prepare` says, which is told the number of the lifeline. Its main()
/// is expected to call worker_main().
///
/// Errors:  as fork_child().
[[nodiscard]] child_handle spawn_child(const std::string& object,
                                       const std::function<spawn_setting(int lifeline)>& prepare);

/// In a child: has the kernel kill it when the lifeline's last write end closes, and waits for the go-ahead.
void tie_to(const descriptor& lifeline, bool ends_with_thread) noexcept;
/// In a child: gives each signal the parent has a handler for its default.
void reset_signals(caught_signals caught) noexcept;

}  // namespace tequio::detail
