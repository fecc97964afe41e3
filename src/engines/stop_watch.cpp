// SPDX-License-Identifier: MIT
#include "engines/stop_watch.hpp"

#include "system/bell.hpp"
#include "system/interruption_hooks.hpp"
#include "tequio/interruption.hpp"

namespace tequio::detail {

stop_watch::stop_watch(const map_options& options, call_control& call) : m_call(call), m_token(options.stop) {
  if (!m_token.stop_possible()) return;
  m_bell = make_bell();
  m_callback.emplace(m_token, [this] { ring(m_bell); });
}

bool stop_watch::requested() {
  m_token_seen = m_token.stop_requested();
  m_signals_seen = interruption::count();
  if (!m_token_seen && m_signals_seen == 0) return false;
  m_call.stop_at(0);
  return true;
}

bool stop_watch::urgent() {
  m_signals_seen = interruption::count();
  return m_signals_seen > 1;
}

void stop_watch::add_to(std::vector<pollfd>& set) const {
  if (m_bell && !m_token_seen) set.push_back({m_bell.number(), POLLIN, 0});
  if (m_signals_seen > 1) return;
  if (const int signals = interruption_descriptor(m_signals_seen); signals >= 0) set.push_back({signals, POLLIN, 0});
}

}  // namespace tequio::detail
