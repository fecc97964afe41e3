// SPDX-License-Identifier: MIT
#include "progress_line.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <string>

#include "say.hpp"

namespace tequio::cli {
namespace {

std::string remaining(const tequio::progress& now) {
  using std::chrono::seconds;
  if (now.done == 0 || now.elapsed < seconds(1)) return {};
  const auto left = now.elapsed / static_cast<long>(now.done) * static_cast<long>(now.total - now.done);
  return fmt::format(", {:%H:%M:%S} left", std::chrono::duration_cast<seconds>(left));
}

}  // namespace

progress_line::progress_line(progress_mode mode, std::string_view what) : m_mode(mode), m_what(what) {
  if (m_mode == progress_mode::automatic)
    m_mode = ::isatty(STDERR_FILENO) == 1 ? progress_mode::bar : progress_mode::none;
}

void progress_line::show(const tequio::progress& now) {
  if (m_mode == progress_mode::json) {
    if (now.elapsed < m_next_json && now.done < now.total) return;
    m_next_json = now.elapsed + std::chrono::seconds(1);
    tell(fmt::format("{{\"done\": {}, \"total\": {}, \"seconds\": {:.3f}}}\n", now.done, now.total,
                     std::chrono::duration<double>(now.elapsed).count()));
    return;
  }
  constexpr std::size_t width = 30;
  const std::size_t filled = now.total == 0 ? width : width * now.done / now.total;
  tell(fmt::format("\r[{:=<{}}{: <{}}] {}/{} {}{}\x1b[K", "", filled, "", width - filled, now.done, now.total, m_what,
                   remaining(now)));
  m_shown = true;
}

void progress_line::wipe() {
  if (!m_shown) return;
  tell("\r\x1b[K");
  m_shown = false;
}

}  // namespace tequio::cli
