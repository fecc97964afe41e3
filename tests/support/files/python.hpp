// SPDX-License-Identifier: MIT
// Runs a script of Debian's Python, for what must be the same there.
#pragma once

#include <sys/wait.h>

#include <cstdio>
#include <string>

namespace tequio::test {

/// How a script ended and what it printed on either stream.
struct python_result {
  int exit_code = -1;  ///< -1 where a signal ended it
  std::string printed{};
};

[[nodiscard]] inline python_result run_python(const std::string& script) {
  // not the first python3 of the path, which may be another
  const std::string command = "exec /usr/bin/python3 - 2>&1 <<'END'\n" + script + "\nEND\n";
  python_result result;
  std::FILE* const pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return result;
  char buffer[4096];
  while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, pipe)) result.printed.append(buffer, count);
  const int status = ::pclose(pipe);
  if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
  return result;
}

}  // namespace tequio::test
