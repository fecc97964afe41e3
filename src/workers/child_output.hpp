// SPDX-License-Identifier: MIT
// Redirects the output of a child: into memory, or through a process that tags its lines.
#pragma once

#include <string>

#include "tequio/descriptor.hpp"
#include "tequio/process_options.hpp"
#include "workers/child_start.hpp"

namespace tequio::detail {

/// The descriptors that become a child's standard output and error; -1: as they are.
struct output_streams {
  int out = -1;
  int error = -1;
};

/// In a child: its standard output and error go there from now on.
void take_over(const output_streams& streams) noexcept;

/// One child's standard output and error. It is made before the child; the parent calls started() after the fork, and
/// finish() when the child has ended.
class child_output {
 public:
  /// Errors:  error where the system has no descriptor or process left.
  child_output(output_mode mode, const std::string& name);
  child_output(const child_output&) = delete;
  child_output& operator=(const child_output&) = delete;
  ~child_output() { finish(); }

  /// In the child: its standard output and error go here from now on.
  void take_over() const noexcept { detail::take_over(streams()); }
  [[nodiscard]] output_streams streams() const noexcept {
    return {m_out.number(), m_error ? m_error.number() : m_out.number()};
  }
  /// In the parent: closes the child's ends, of which the child has copies.
  void started() noexcept;
  /// Blocks:  until all output of the child is where it belongs; processes that the child left behind are not waited
  ///          for.
  void finish() noexcept;

  /// The output captured until now.
  [[nodiscard]] std::string captured() const;
  /// The last captured line that is not empty, or its beginning.
  [[nodiscard]] std::string last_line() const;

 private:
  void start_tagging(const std::string& name);

  descriptor m_out{};           // the child's, until it is started
  descriptor m_error{};         // the same; none where it is m_out
  parents_descriptor m_kept{};  // the captured output
  child_handle m_tagger{};
  parents_descriptor m_ended{};  // closing it tells the tagger that nothing more comes
};

}  // namespace tequio::detail
