// SPDX-License-Identifier: MIT
#include "tequio/detail/shared/message_buffer.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <new>

namespace tequio::detail {
namespace {

// The most that a thread keeps between two messages.
constexpr std::size_t kept_bytes = std::size_t{1} << 20;
constexpr std::size_t smallest_bytes = 256;

// Plain words, which are valid until the thread's last instruction: destructors that run late may use queues.
struct kept_memory {
  std::byte* data;
  std::size_t size;
  bool thread_ends;
};
thread_local kept_memory kept{};

struct gives_back_at_thread_end {
  gives_back_at_thread_end() noexcept { kept.thread_ends = false; }
  gives_back_at_thread_end(const gives_back_at_thread_end&) = delete;
  gives_back_at_thread_end& operator=(const gives_back_at_thread_end&) = delete;
  ~gives_back_at_thread_end() {
    std::free(std::exchange(kept.data, nullptr));
    kept.thread_ends = true;
  }
};

}  // namespace

message_buffer::message_buffer() noexcept : m_data(std::exchange(kept.data, nullptr)) {
  m_at = m_data;
  m_end = m_data + (m_data != nullptr ? kept.size : 0);
}

message_buffer::~message_buffer() {
  const auto size = static_cast<std::size_t>(m_end - m_data);
  if (kept.data == nullptr && size <= kept_bytes && size != 0 && !kept.thread_ends) {
    thread_local const gives_back_at_thread_end at_end;
    kept.data = std::exchange(m_data, nullptr);
    kept.size = size;
  }
  std::free(m_data);
}

void message_buffer::allocate(std::size_t size) {
  const std::size_t used = written().size();
  // the C library moves large blocks without a copy, page by page
  auto* const data = static_cast<std::byte*>(std::realloc(m_data, size));
  if (data == nullptr) throw std::bad_alloc();
  m_data = data;
  m_at = data + used;
  m_end = data + size;
}

std::span<std::byte> message_buffer::resize(std::size_t size) {
  m_at = m_data;
  if (static_cast<std::size_t>(m_end - m_data) < size) allocate(std::max(size, smallest_bytes));
  m_at = m_data + size;
  return {m_data, size};
}

void message_buffer::grow(std::size_t size) {
  const std::size_t used = written().size();
  const auto capacity = static_cast<std::size_t>(m_end - m_data);
  if (size > std::numeric_limits<std::size_t>::max() / 2 - used) throw std::bad_alloc();
  allocate(std::max({used + size, 2 * capacity, smallest_bytes}));
}

}  // namespace tequio::detail
