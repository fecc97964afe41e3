// SPDX-License-Identifier: MIT
#include "system/flush_streams.hpp"

#include <cstdio>
#include <iostream>
#include <ostream>
#include <typeinfo>
#ifdef __GLIBCXX__
#include <ext/stdio_sync_filebuf.h>
#endif

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

}  // namespace

void flush_streams() {
  flush_stream(std::cout);
  flush_stream(std::clog);
  flush_stream(std::wcout);
  flush_stream(std::wclog);
  if (::ftrylockfile(stdin) == 0) {
    ::funlockfile(stdin);
    std::fflush(nullptr);
  } else {
    // a thread that waits for input has stdin's lock until some comes
    std::fflush(stdout);
    std::fflush(stderr);
  }
}

}  // namespace tequio::detail
