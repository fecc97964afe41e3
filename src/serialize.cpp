// SPDX-License-Identifier: MIT
#include "tequio/serialize.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace tequio {

serialize_error::serialize_error(std::string problem)
    : error({.object = "serialised value",
             .problem = std::move(problem),
             .cure = "both sides must be the same program, and write and read the same type"}) {}

void buffer_writer::grow(std::size_t size) {
  const std::size_t used = written().size();
  m_buffer.resize(std::max(used + size, 2 * m_buffer.size()));
  m_at = m_buffer.data() + used;
  m_end = m_buffer.data() + m_buffer.size();
}

std::size_t reader::length(std::size_t item_bytes) {
  std::uint64_t length = 0;
  bytes(&length, sizeof length);
  if (length > m_bytes.size() / item_bytes)
    throw serialize_error(fmt::format("a length of {} where {} bytes are left", length, m_bytes.size()));
  return length;
}

void reader::fail_short(std::size_t size) const {
  throw serialize_error(fmt::format("{} bytes wanted where {} are left", size, m_bytes.size()));
}

}  // namespace tequio
