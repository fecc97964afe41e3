// SPDX-License-Identifier: MIT
// Made-up names of places, put together from words: no list of real ones, and nobody's name.
#pragma once

#include <string>
#include <unordered_set>

#include "jobs/random.hpp"

namespace tequio::jobs::census {

/// The name of a locality; about 1 in 5,000 has a comma.
[[nodiscard]] std::string locality_name(counter_random& random);

/// The name of a municipality that no other in `taken` has; adds it there.
[[nodiscard]] std::string municipality_name(counter_random& random, std::unordered_set<std::string>& taken);

}  // namespace tequio::jobs::census
