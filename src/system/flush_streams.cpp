// SPDX-License-Identifier: MIT
#include "system/flush_streams.hpp"

#include <sys/single_threaded.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <ostream>
#include <typeinfo>
#ifdef __GLIBCXX__
#include <ext/stdio_sync_filebuf.h>
#endif

#include "system/system.hpp"

namespace tequio::detail {
namespace {

// Whether it has no buffer of its own, but stdio's: flushing it too would have each child bring in more of the library.
template <class Character>
bool writes_through(const std::basic_ostream<Character>& stream) noexcept {
#ifdef __GLIBCXX__
  const auto* const buffer = stream.rdbuf();
  return buffer != nullptr && typeid(*buffer) == typeid(__gnu_cxx::stdio_sync_filebuf<Character>);
#else
  return false;
#endif
}

template <class Character>
void flush_stream(std::basic_ostream<Character>& stream) {
  if (!writes_through(stream)) stream.flush();
}

void flush_streams_of_cpp() {
  flush_stream(std::cout);
  flush_stream(std::clog);
  flush_stream(std::wcout);
  flush_stream(std::wclog);
}

void flush_stdio() noexcept {
  if (::ftrylockfile(stdin) == 0) {
    ::funlockfile(stdin);
    std::fflush(nullptr);
  } else {
    // a thread that waits for input has stdin's lock until some comes
    std::fflush(stdout);
    std::fflush(stderr);
  }
}

}  // namespace

void flush_streams() {
  flush_streams_of_cpp();
  flush_stdio();
}

// A thread that waits for input holds the lock of its stream, for which fflush() would wait; the C library's own exit()
// takes no locks. In a forked copy all locks of stdio are free.
void flush_streams_of_ending_process() {
  flush_streams_of_cpp();
  if (__libc_single_threaded != 0) return flush_stdio();
  const pid_t copy = ::fork();
  if (copy == 0) {
    flush_stdio();
    ::_exit(0);
  }
  if (copy > 0) system::retry([&] { return ::waitpid(copy, nullptr, 0); });
}

}  // namespace tequio::detail
