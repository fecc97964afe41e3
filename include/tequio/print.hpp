// SPDX-License-Identifier: MIT
// Printing from many processes and threads at once: what one call prints stays in one piece, however long it is.
// As C++23's std::print, with {fmt}'s formats. To catch what a worker prints see output_mode in tequio/process_options.hpp.
#pragma once

#if !__has_include(<fmt/core.h>)
#error tequio/print.hpp needs {fmt}: install it (Debian: libfmt-dev)
#include <the_error_above_says_why>  // as in requirements.hpp
#endif
#include <fmt/core.h>

#include <cstdint>
#include <cstdio>
#include <string_view>

#include "tequio/error.hpp"

namespace tequio {

/// What stands before each line of print() and println().
enum class line_tag : std::uint8_t {
  none,
  worker_name,  ///< "[NAME] ", as this_worker::name() has it
};

/// Chooses the tag for this process and those it forks from now on. Not for processes with output_mode::tagged, whose lines
/// get one anyway.
void tag_lines(line_tag tag) noexcept;

namespace detail {
void print(std::FILE* stream, fmt::string_view format, fmt::format_args arguments, std::string_view end);
}  // namespace detail

/// Prints to standard output: `print("{} of {}\n", done, all)`. End a call with a new line, or use println(): what
/// another process prints may follow at once.
///
/// Order:   after all that this process has given to std::cout and printf(), whose buffers are flushed first.
/// Blocks:  while the output takes no more, and while another process prints, also one that is stopped (SIGSTOP) in the
///          midst of it; one that is killed holds nobody up, its half line is ended by whoever prints next. Of a line of
///          more than 4096 bytes into a pipe, or one to a terminal, it cannot be told whether it was begun: there the
///          next line may follow an empty one.
/// Errors:  error with the system's code where the output cannot be written: its reader is gone (no SIGPIPE), it is
///          closed, the disk is full. fmt::format_error where a format made at run time is wrong.
/// Safety:  callable from any thread and any process that was forked or spawned. Lines of programs run by `command` and of
///          others stay whole up to 4096 bytes, in a pipe.
template <class... Arguments>
void print(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  detail::print(stdout, format, fmt::make_format_args(arguments...), "");
}
/// The same to stdout, stderr or a file of one's own.
template <class... Arguments>
void print(std::FILE* stream, fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  detail::print(stream, format, fmt::make_format_args(arguments...), "");
}
/// As print(), and ends the line.
template <class... Arguments>
void println(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  detail::print(stdout, format, fmt::make_format_args(arguments...), "\n");
}
template <class... Arguments>
void println(std::FILE* stream, fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  detail::print(stream, format, fmt::make_format_args(arguments...), "\n");
}

}  // namespace tequio
