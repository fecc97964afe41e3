// SPDX-License-Identifier: MIT
#include "say.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace tequio::cli {

void tell(std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t count = ::write(STDERR_FILENO, text.data(), text.size());
    if (count >= 0) {
      text.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {
      pollfd room{STDERR_FILENO, POLLOUT, 0};
      static_cast<void>(::poll(&room, 1, -1));
    } else if (errno != EINTR) {
      return;
    }
  }
}

}  // namespace tequio::cli
