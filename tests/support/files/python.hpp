// SPDX-License-Identifier: MIT
// Runs a Python script, for results that must be the same there.
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

/// Debian's Python; the first python3 in PATH may be another.
inline constexpr const char* debian_python = "/usr/bin/python3";
/// The Python that `./dev setup test` makes, with a NumPy of today.
inline constexpr const char* newest_numpy_python = TEQUIO_SOURCE_DIR "/.cache/numpy/bin/python3";

[[nodiscard]] inline python_result run_python(const std::string& script, const std::string& python = debian_python) {
  const std::string command = "exec '" + python + "' - 2>&1 <<'END'\n" + script + "\nEND\n";
  python_result result;
  std::FILE* const pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return result;
  char buffer[4096];
  while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, pipe)) result.printed.append(buffer, count);
  const int status = ::pclose(pipe);
  if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
  return result;
}

/// The version of NumPy that `python` has, or nothing.
[[nodiscard]] inline std::string numpy_version_of(const std::string& python) {
  const python_result ran = run_python("import numpy; print(numpy.__version__, end='')", python);
  return ran.exit_code == 0 ? ran.printed : std::string();
}

}  // namespace tequio::test
