// SPDX-License-Identifier: MIT
#include "tequio/chunk.hpp"

#include <fmt/core.h>

#include "tequio/error.hpp"

namespace tequio {

detail::chunk_bounds detail::bounds_of_chunk(std::size_t size, std::size_t index, std::size_t count) {
  if (index >= count)
    throw error({.object = "chunk",
                 .problem = fmt::format("part {} of {} asked for", index, count),
                 .cure = "parts are counted from 0, and there must be one"});
  const std::size_t each = size / count;
  return {index * each, index + 1 == count ? size : (index + 1) * each};
}

}  // namespace tequio
