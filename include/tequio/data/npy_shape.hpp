// SPDX-License-Identifier: MIT
// The shape of an array.
#pragma once

#include <cstdint>
#include <vector>

namespace tequio::data {

/// The lengths of an array's axes; empty for a single value.
using npy_shape = std::vector<std::uint64_t>;

}  // namespace tequio::data
