// SPDX-License-Identifier: MIT
#include "line_tagger.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "system.hpp"

namespace tequio::detail {
namespace {

// A longer line goes on in pieces, each with the tag.
constexpr std::size_t longest_line = std::size_t{1} << 20;

// All whole lines at hand in one write, so that they stay together.
void pass_on(tagged_stream& stream, const std::string& tag, bool last) {
  std::string lines;
  std::string_view rest = stream.begun;
  for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
    lines.append(tag).append(rest.substr(0, end + 1));
    rest.remove_prefix(end + 1);
  }
  if (!rest.empty() && (last || rest.size() >= longest_line)) {
    lines.append(tag).append(rest).append("\n");
    rest = {};
  }
  stream.begun = std::string(rest);
  try {
    write_full(stream.to, std::as_bytes(std::span(lines)), "standard streams");
  } catch (const error&) {
    // nobody reads it any more; the child goes on all the same
  }
}

// Reads what is there; the stream is closed at its end.
void read_some(tagged_stream& stream) {
  char bytes[65536];
  const auto count = system::retry([&] { return ::read(stream.from.number(), bytes, sizeof bytes); });
  if (count > 0) stream.begun.append(bytes, static_cast<std::size_t>(count));
  if (count == 0 || (count == -1 && errno != EAGAIN)) stream.from.close();
}

// False where the writer is known to have ended, and has left nothing in the pipes.
bool await_more(std::span<tagged_stream> streams, const descriptor& ended, std::vector<pollfd>& set) {
  set.clear();
  for (const tagged_stream& stream : streams) set.push_back({stream.from.number(), POLLIN, 0});
  set.push_back({ended.number(), 0, 0});
  static_cast<void>(system::retry([&] { return ::poll(set.data(), set.size(), -1); }));
  return set.back().revents == 0 ||
         std::any_of(set.begin(), set.end() - 1, [](const pollfd& pipe) { return (pipe.revents & POLLIN) != 0; });
}

}  // namespace

void tag_lines(std::span<tagged_stream> streams, const descriptor& ended, const std::string& tag) {
  for (const tagged_stream& stream : streams) ::fcntl(stream.from.number(), F_SETFL, O_NONBLOCK);
  const auto is_open = [](const tagged_stream& stream) { return static_cast<bool>(stream.from); };
  std::vector<pollfd> set;
  while (std::ranges::any_of(streams, is_open) && await_more(streams, ended, set)) {
    for (std::size_t i = 0; i < streams.size(); ++i) {
      if (set[i].revents == 0) continue;
      read_some(streams[i]);
      pass_on(streams[i], tag, false);
    }
  }
  for (tagged_stream& stream : streams) pass_on(stream, tag, true);
}

}  // namespace tequio::detail
