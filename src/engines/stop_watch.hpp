// SPDX-License-Identifier: MIT
// The requests that stop a running call early: by its stop token, or by a signal that an `interruption` caught.
#pragma once

#include <poll.h>

#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

#include "tequio/descriptor.hpp"
#include "tequio/detail/engines/call_control.hpp"
#include "tequio/map_options.hpp"

namespace tequio::detail {

/// Watches over one call; on a stop no further item is started.
class stop_watch {
 public:
  stop_watch(const map_options& options, call_control& call);

  /// Whether to stop; where it is true, the call's limit is 0.
  [[nodiscard]] bool requested();
  /// Whether to stop without waiting: a second signal.
  [[nodiscard]] bool urgent();
  /// Adds the descriptors that become readable at a request which requested() and urgent() have not told yet.
  void add_to(std::vector<pollfd>& set) const;

 private:
  call_control& m_call;
  std::stop_token m_token;
  descriptor m_bell{};  // rung by the stop token
  bool m_token_seen = false;
  int m_signals_seen = 0;
  std::optional<std::stop_callback<std::function<void()>>> m_callback{};
};

}  // namespace tequio::detail
