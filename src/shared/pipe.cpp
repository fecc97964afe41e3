// SPDX-License-Identifier: MIT
#include "tequio/pipe.hpp"

namespace tequio::detail {

void pipe_end_state::hand_to(pid_t process) noexcept {
  const process_identity giver = this_process();
  const process_identity taker = identity_of(process);
  for (process_identity seen = user.load(); seen == giver || !is_running(seen);)
    if (user.compare_exchange_strong(seen, taker)) return;
}

bool pipe_peer::has_ended() const {
  const process_identity last = m_end.user.load();
  return last == this_process() ? m_for_ever && is_alone_since(m_end.made) : !is_running(last);
}

}  // namespace tequio::detail
