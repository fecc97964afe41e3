// SPDX-License-Identifier: MIT
#include "tequio/shared_array.hpp"

#include <fmt/core.h>

#include "tequio/error.hpp"

namespace tequio::detail {
namespace {

std::string name_of(std::size_t count, std::size_t item_bytes) {
  return fmt::format("shared_array of {} items of {} bytes", count, item_bytes);
}

}  // namespace

arena_extent array_memory(std::size_t count, std::size_t item_bytes) {
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(count, item_bytes, &bytes) || bytes > PTRDIFF_MAX)
    throw error({.object = name_of(count, item_bytes),
                 .problem = "more bytes than there are addresses",
                 .cure = "check that its length was not negative"});
  try {
    return arena::here().allocate(bytes);
  } catch (const error& refused) {
    throw error({.object = name_of(count, item_bytes),
                 .problem = refused.problem(),
                 .cure = "free memory, or share fewer items",
                 .code = refused.code()});
  }
}

void fail_no_such_item(std::size_t item, std::size_t count) {
  throw error({.object = "shared_array",
               .problem = fmt::format("item {} asked for, of {}", item, count),
               .cure = "items are counted from 0"});
}

}  // namespace tequio::detail
