// SPDX-License-Identifier: MIT
// Printing from many processes and threads at once: the text of one call stays in one piece at any length. As C++23's
// std::print, with {fmt}'s formats. To capture the output of a process see output_mode in tequio/process_options.hpp.
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

/// The beginning of each line of print() and println().
enum class line_tag : std::uint8_t {
  none,
  worker_name,  ///< "[NAME] ", with the name of this_worker::name()
};

/// Chooses the tag for this process and those that it forks later. Not for processes with output_mode::tagged, whose
/// lines have a tag already.
void tag_lines(line_tag tag) noexcept;

namespace detail {
void print(std::FILE* stream, fmt::string_view format, fmt::format_args arguments, std::string_view end);
}  // namespace detail

/// Prints to standard output: `print("{} of {}\n", done, all)`. End the text with a new line, or use println(): the
/// text of another process may follow at once.
///
/// Order:   after everything that this process gave to std::cout and printf(): their buffers are flushed first.
/// Blocks:  while the output takes no more, and while another process prints, also a stopped one (SIGSTOP). A killed
///          process blocks no other: the next print ends its half line. In a pipe, for lines of more than 4096 bytes,
///          and on a terminal it is not known whether a line was begun: there the next line may follow an empty one.
/// Errors:  error with the system's code where the output cannot be written: its reader has ended (no SIGPIPE), it is
///          closed, the disk is full. fmt::format_error where a format made at run time is wrong.
/// Safety:  callable from any thread and any forked or spawned process. In a pipe, lines of other programs stay whole
///          up to 4096 bytes.
template <class... Arguments>
void print(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  detail::print(stdout, format, fmt::make_format_args(arguments...), "");
}
/// The same to stdout, stderr or another stream.
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
