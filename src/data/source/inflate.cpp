// SPDX-License-Identifier: MIT
#include "tequio/data/inflate.hpp"

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "data/text/text.hpp"
#include "tequio/data/format_error.hpp"

namespace tequio::data {
namespace {

constexpr std::size_t buffer_bytes = 128 * 1024;
constexpr std::size_t most_at_once = std::size_t{1} << 30;  // ISA-L counts in 32 bits

const char* problem_of(int code) noexcept {
  switch (code) {
    case ISAL_INVALID_BLOCK:
      return "damaged: an invalid block in the compressed data";
    case ISAL_INVALID_SYMBOL:
      return "damaged: an invalid symbol in the compressed data";
    case ISAL_INVALID_LOOKBACK:
      return "damaged: the compressed data refer to before their beginning";
    case ISAL_INVALID_WRAPPER:
      return "damaged: an invalid gzip header";
    case ISAL_UNSUPPORTED_METHOD:
      return "the gzip header names an unknown method";
    case ISAL_INCORRECT_CHECKSUM:
      return "damaged: the checksum does not match what was inflated";
    default:
      return "damaged: the compressed data cannot be inflated";
  }
}

class inflate_input final : public input {
 public:
  inflate_input(std::unique_ptr<input> compressed, deflate_format format)
      : m_compressed(std::move(compressed)), m_format(format) {
    isal_inflate_init(&m_state);
    m_state.crc_flag = format == deflate_format::gzip ? ISAL_GZIP : ISAL_DEFLATE;
  }

  std::size_t read(std::span<std::byte> bytes) override {
    if (bytes.empty()) return 0;
    for (;;) {
      if (m_finished && !begin_next_member()) return 0;
      if (m_state.avail_in == 0) refill();
      const std::size_t count = step(bytes);
      if (count > 0) return count;
    }
  }
  const std::string& name() const noexcept override { return m_compressed->name(); }

 private:
  void refill();
  std::size_t step(std::span<std::byte> bytes);
  bool begin_next_member();
  [[noreturn]] void fail(const char* problem) const {
    throw format_error({.object = name(), .problem = problem, .cure = copy_again});
  }

  std::unique_ptr<input> m_compressed;
  deflate_format m_format;
  bool m_ended = false;     // the compressed input has no more bytes
  bool m_finished = false;  // the deflate stream (of this gzip member) is complete
  inflate_state m_state;
  std::array<std::byte, buffer_bytes> m_buffer;
};

void inflate_input::refill() {
  if (m_ended) return;
  const std::size_t count = m_compressed->read(m_buffer);
  m_ended = count == 0;
  m_state.next_in = reinterpret_cast<std::uint8_t*>(m_buffer.data());
  m_state.avail_in = static_cast<std::uint32_t>(count);
}

/// One call of ISA-L. It may keep output back although it has taken all input, so the end of the input is only an error
/// when a call neither takes nor gives anything.
std::size_t inflate_input::step(std::span<std::byte> bytes) {
  const auto room = static_cast<std::uint32_t>(std::min(bytes.size(), most_at_once));
  const std::uint32_t offered = m_state.avail_in;
  m_state.next_out = reinterpret_cast<std::uint8_t*>(bytes.data());
  m_state.avail_out = room;
  const int code = isal_inflate(&m_state);
  if (code < 0) fail(problem_of(code));
  m_finished = m_state.block_state == ISAL_BLOCK_FINISH;
  const std::uint32_t given = room - m_state.avail_out;
  if (!m_finished && given == 0 && m_state.avail_in == offered && m_ended)
    fail("cut short: the compressed data end in the middle");
  return given;
}

/// Whether another gzip member follows the one just finished.
bool inflate_input::begin_next_member() {
  if (m_format != deflate_format::gzip) return false;
  for (;;) {
    if (m_state.avail_in == 0) refill();
    if (m_state.avail_in == 0) return false;
    if (*m_state.next_in != 0) break;
    ++m_state.next_in;  // padding
    --m_state.avail_in;
  }
  if (*m_state.next_in != 0x1f) fail("has something other than gzip data after the end of its gzip data");
  std::uint8_t* const next = m_state.next_in;
  const std::uint32_t left = m_state.avail_in;
  isal_inflate_reset(&m_state);  // keeps the kind of wrapping
  m_state.next_in = next;
  m_state.avail_in = left;
  m_finished = false;
  return true;
}

class limited_input final : public input {
 public:
  limited_input(std::unique_ptr<input> inflated, std::uint64_t compressed_bytes, const inflate_limits& limits)
      : m_inflated(std::move(inflated)), m_compressed_bytes(compressed_bytes), m_limits(limits) {}

  std::size_t read(std::span<std::byte> bytes) override {
    const std::size_t count = m_inflated->read(bytes);
    m_total += count;
    if (m_total > m_limits.most_bytes) fail("inflates to more than " + grouped(m_limits.most_bytes) + " bytes");
    if (m_total > m_limits.ratio_counts_from &&
        m_total / m_limits.most_ratio >= std::max<std::uint64_t>(m_compressed_bytes, 1))
      fail("inflates to more than " + grouped(m_limits.most_ratio) + " times its " + grouped(m_compressed_bytes) +
           " compressed bytes, as archives made to fill a machine do");
    return count;
  }
  const std::string& name() const noexcept override { return m_inflated->name(); }

 private:
  [[noreturn]] void fail(std::string problem) const {
    throw format_error({.object = name(),
                        .problem = std::move(problem),
                        .cure = "if you trust it, inflate it first or raise the limit"});
  }

  std::unique_ptr<input> m_inflated;
  std::uint64_t m_compressed_bytes;
  inflate_limits m_limits;
  std::uint64_t m_total = 0;
};

}  // namespace

std::unique_ptr<input> inflate(std::unique_ptr<input> compressed, deflate_format format) {
  return std::make_unique<inflate_input>(std::move(compressed), format);
}

std::unique_ptr<input> limit(std::unique_ptr<input> inflated, std::uint64_t compressed_bytes,
                             const inflate_limits& limits) {
  return std::make_unique<limited_input>(std::move(inflated), compressed_bytes, limits);
}

}  // namespace tequio::data
