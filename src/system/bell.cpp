// SPDX-License-Identifier: MIT
#include "system/bell.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

#include "system/system.hpp"

namespace tequio::detail {

descriptor make_bell() {
  return system::above_standard_streams(
      descriptor(system::check("eventfd", "cannot be made", [] { return ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); })));
}

void ring(const descriptor& bell) noexcept {
  const std::uint64_t one = 1;
  // a full counter means that it rings already
  static_cast<void>(system::retry([&] { return ::write(bell.number(), &one, sizeof one); }));
}

}  // namespace tequio::detail
