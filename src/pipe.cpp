// SPDX-License-Identifier: MIT
#include "tequio/pipe.hpp"

namespace tequio::detail {

bool pipe_end_watch::gone() const {
  const process_identity last = m_end.user.load();
  return last == this_process() ? m_for_ever && is_alone_since(m_end.made) : !is_running(last);
}

}  // namespace tequio::detail
