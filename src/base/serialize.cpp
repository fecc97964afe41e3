// SPDX-License-Identifier: MIT
#include "tequio/serialize.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <ios>
#include <utility>

namespace tequio {

serialize_error::serialize_error(std::string problem, std::string cure)
    : error({.object = "serialised value", .problem = std::move(problem), .cure = std::move(cure)}) {}

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

void detail::fail_too_deep() {
  throw serialize_error(fmt::format("more than {} containers or pointers within each other", deepest_nesting),
                        "send a flat container, with indices in place of pointers");
}

std::uint8_t detail::number_of(const std::error_category& category) {
  for (std::uint8_t number = 0; number < 3; ++number)
    if (category == category_of(number)) return number;
  throw serialize_error(fmt::format("an error code of the category \"{}\"", category.name()),
                        "send one of the standard's categories, or its number");
}

const std::error_category& detail::category_of(std::uint8_t number) {
  switch (number) {
    case 0:
      return std::generic_category();
    case 1:
      return std::system_category();
    case 2:
      return std::iostream_category();
    default:
      throw serialize_error("an error code's category is out of range");
  }
}

}  // namespace tequio
