// SPDX-License-Identifier: MIT
// The shape of an array.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tequio/detail/base/requirements.hpp"

namespace tequio::data {

/// The lengths of an array's axes; empty for a single value.
using npy_shape = std::vector<std::uint64_t>;

/// NumPy 2 has no arrays of more axes.
inline constexpr std::size_t npy_most_axes = 64;

}  // namespace tequio::data
