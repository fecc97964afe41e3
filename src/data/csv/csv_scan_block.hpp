// SPDX-License-Identifier: MIT
// The scan by blocks of 64 bytes, compiled once per instruction set. It instantiates nothing of the standard library:
// the linker could take this copy for a processor that lacks the instructions.
#pragma once

// NOLINTBEGIN(misc-definitions-in-headers): each file that includes this has an unnamed namespace around it
using mask = std::uint64_t;  // bit i stands for byte i of the block

// Checks the sequences whose first bytes are set in `high`; `checked` is the offset up to which bytes are known good.
inline bool is_utf8(const scan_request& in, std::size_t at, mask high, std::size_t& checked) noexcept {
  while (high) {
    const std::size_t begin = at + static_cast<std::size_t>(__builtin_ctzll(high));
    high &= high - 1;
    if (begin < checked) continue;
    const unsigned first = static_cast<unsigned char>(in.begin[begin]);
    if (first >= 0xC2 && first < 0xE0 && begin + 1 < in.size &&
        (static_cast<unsigned char>(in.begin[begin + 1]) & 0xC0) == 0x80) {
      checked = begin + 2;
      continue;
    }
    const utf8::checked found = utf8::check(in.begin + begin, in.size - begin);
    if (found.state == utf8::sequence::wrong) return false;
    checked = found.state == utf8::sequence::whole ? begin + found.length : in.size;
  }
  return true;
}

inline void locate(const scan_request& in, std::size_t at, mask separators, std::size_t& located) noexcept {
  while (separators && located < in.wanted) {
    in.separators[located++] = static_cast<std::uint32_t>(at + static_cast<std::size_t>(__builtin_ctzll(separators)));
    separators &= separators - 1;
  }
}

// Invariant: before each block, `inside` has all bits set if the byte before it stands in quotes; `may_open` is 1 if
// that byte is a separator, a closing quote or the row's begin; `after_cr` is 1 if it is a CR. A quote that opens
// anywhere else, or a CR without LF, makes the row unusual before anything was concluded from later bytes.
template <class Block>
inline scan_state scan_blocks(const scan_request& in, scanned_row& row) noexcept {
  mask inside = 0;
  mask may_open = 1;
  mask after_cr = 0;
  mask any_quote = 0;
  std::size_t fields = 1;
  std::size_t located = 0;
  std::size_t lines = 0;
  std::size_t checked = 0;
  for (std::size_t at = 0; at < in.size; at += 64) {
    const Block block(in.begin + at);
    const mask valid = in.size - at >= 64 ? ~mask{0} : (mask{1} << (in.size - at)) - 1;
    const mask quotes = block.equal('"') & valid;
    const mask newlines = block.equal('\n') & valid;
    const mask quoted = Block::prefix_xor(quotes) ^ inside;
    const mask ends = newlines & ~quoted;
    const mask ours = ends ? ends ^ (ends - 1) : valid;
    const mask separators = block.equal(in.delimiter) & ~quoted & ours;
    const mask returns = block.equal('\r') & ours;
    const mask openers = separators | (quotes & ~quoted);
    const mask strays = quotes & quoted & ~(openers << 1 | may_open);
    if ((strays | (((returns << 1) | after_cr) & ~newlines)) & ours) return scan_state::unusual;
    if (block.any_zero() && (block.equal('\0') & ours)) return scan_state::unusual;
    const mask high = block.high() & ours;
    if (high && !is_utf8(in, at, high, checked)) return scan_state::unusual;
    if (located < in.wanted) locate(in, at, separators, located);
    fields += static_cast<std::size_t>(__builtin_popcountll(separators));
    lines += static_cast<std::size_t>(__builtin_popcountll(newlines & ours));
    any_quote |= quotes & ours;
    if (ends) {
      const std::size_t end = at + static_cast<std::size_t>(__builtin_ctzll(ends));
      row.length = end > 0 && in.begin[end - 1] == '\r' ? end - 1 : end;
      row.next = end + 1;
      row.fields = fields;
      row.located = located;
      row.lines = lines;
      row.quoted = any_quote != 0;
      return scan_state::row;
    }
    inside = mask{0} - (quoted >> 63);
    may_open = openers >> 63;
    after_cr = returns >> 63;
  }
  return in.at_end ? scan_state::unusual : scan_state::incomplete;
}
// NOLINTEND(misc-definitions-in-headers)
