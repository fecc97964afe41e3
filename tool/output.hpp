// SPDX-License-Identifier: MIT
// Where a command's result goes: standard output, or a file that appears whole or not at all.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "failures.hpp"
#include "tequio/descriptor.hpp"
#include "tequio/new_file.hpp"

namespace tequio::tool {

/// Collects what is written and passes it on in large pieces.
///
/// Errors:  error naming the file, or "standard output"; a reader that has left (`| head`) is no error.
class output {
 public:
  /// @param path empty for standard output; else a file that replaces `path` when finish() is called.
  explicit output(std::string path);

  /// Whether the result of a job that ended so belongs here: a file is for whole results, and is left as it was else.
  [[nodiscard]] bool takes(job_end end) const;
  void write(std::string_view text);
  /// Passes on what is left, and puts the file in its place.
  void finish();

 private:
  void flush();

  std::string m_path;
  std::optional<new_file> m_file{};
  descriptor m_device{};  // standard output, or what cannot be replaced: a pipe, /dev/null
  std::string m_pending{};
  bool m_reader_left = false;
};

}  // namespace tequio::tool
