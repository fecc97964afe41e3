// SPDX-License-Identifier: MIT
#include "workers/line_tagger.hpp"

#include <fcntl.h>
#include <poll.h>

#include <algorithm>
#include <climits>
#include <optional>
#include <string_view>
#include <vector>

#include "system/system.hpp"

namespace tequio::detail {
namespace {

// A longer line is copied in pieces, each with the tag.
constexpr std::size_t longest_line = std::size_t{1} << 20;

// Without a reader the lines are lost, and the child goes on.
void pass_on(const tagged_stream& stream, std::string_view lines) {
  static_cast<void>(system::write_all(stream.to.number(), lines));
}

// Other taggers write to the same pipe, which takes PIPE_BUF bytes in one piece: as many whole lines as fit in that are
// written at a time.
void add_line(std::string& lines, std::string_view line, const tagged_stream& stream, const std::string& tag) {
  if (lines.size() + tag.size() + line.size() > PIPE_BUF) {
    pass_on(stream, lines);
    lines.clear();
  }
  lines.append(tag).append(line);
}

void pass_on(tagged_stream& stream, const std::string& tag, bool last) {
  std::string lines;
  std::string_view rest = stream.begun;
  for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
    add_line(lines, rest.substr(0, end + 1), stream, tag);
    rest.remove_prefix(end + 1);
  }
  if (!rest.empty() && (last || rest.size() >= longest_line)) {
    add_line(lines, std::string(rest) + '\n', stream, tag);
    rest = {};
  }
  stream.begun = std::string(rest);
  pass_on(stream, lines);
}

// Reads some of what is there; the stream is closed at its end.
std::size_t read_some(tagged_stream& stream, std::size_t most) {
  const std::optional<std::size_t> count = system::read_available(stream.from.number(), stream.begun, most);
  if (!count) stream.from.close();
  return count.value_or(0);
}

// False where the writer has ended.
bool await_more(std::span<tagged_stream> streams, const descriptor& ended, std::vector<pollfd>& set) {
  set.clear();
  for (const tagged_stream& stream : streams) set.push_back({stream.from.number(), POLLIN, 0});
  set.push_back({ended.number(), 0, 0});
  static_cast<void>(system::retry([&] { return ::poll(set.data(), set.size(), -1); }));
  return set.back().revents == 0;
}

// Copies what is in the pipe now; processes that the writer left behind are not waited for.
void pass_on_rest(tagged_stream& stream, const std::string& tag) {
  system::read_waiting(stream.from.number(), [&](std::size_t most) {
    const std::size_t count = read_some(stream, most);
    pass_on(stream, tag, false);
    return count;
  });
  pass_on(stream, tag, true);
}

}  // namespace

void tag_lines(std::span<tagged_stream> streams, const descriptor& ended, const std::string& tag) {
  for (const tagged_stream& stream : streams) ::fcntl(stream.from.number(), F_SETFL, O_NONBLOCK);
  const auto is_open = [](const tagged_stream& stream) { return static_cast<bool>(stream.from); };
  std::vector<pollfd> set;
  while (std::ranges::any_of(streams, is_open) && await_more(streams, ended, set)) {
    for (std::size_t i = 0; i < streams.size(); ++i) {
      if (set[i].revents == 0) continue;
      static_cast<void>(read_some(streams[i], longest_line));
      pass_on(streams[i], tag, false);
    }
  }
  for (tagged_stream& stream : streams) pass_on_rest(stream, tag);
}

}  // namespace tequio::detail
