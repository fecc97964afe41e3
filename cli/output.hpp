// SPDX-License-Identifier: MIT
// Where a command's result goes: standard output, or a file that appears whole or not at all.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "failures.hpp"
#include "tequio/data/source.hpp"
#include "tequio/descriptor.hpp"
#include "tequio/new_file.hpp"

namespace tequio::cli {

/// Errors:  usage_error if the file that `name` leads to is one of `sources`: the result would destroy it.
void refuse_own_source(const std::string& name, std::span<const data::source> sources);

/// Collects text and writes it in large pieces.
///
/// Errors:  error naming the file, or "standard output"; a reader that has left (`| head`) is no error.
class output {
 public:
  /// @param path empty or "-" for standard output; else a file that replaces `path` when finish() is called. Anything
  ///             that cannot be replaced is written directly: a pipe, a device, an open descriptor (/dev/stdout,
  ///             /dev/fd/3).
  explicit output(std::string path);

  /// Whether the result of a job with this end is written: a file takes only a whole result of at least one item,
  /// and stays as it was otherwise.
  [[nodiscard]] bool takes(run_end end, const job_words& words) const;
  void write(std::string_view text);
  /// Writes the rest, and puts the file in its place.
  void finish();

 private:
  void flush();

  std::string m_path;
  std::optional<new_file> m_file{};
  descriptor m_device{};  // standard output, or anything that cannot be replaced
  std::string m_pending{};
  bool m_reader_left = false;
};

}  // namespace tequio::cli
