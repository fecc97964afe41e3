// SPDX-License-Identifier: MIT
// Where made-up places lie on the map, and how their coordinates are written.
#pragma once

#include <cstdint>
#include <string>

#include "jobs/census/census_states.hpp"
#include "jobs/random.hpp"

namespace tequio::jobs::census {

/// Thousandths of a second of arc, and metres.
struct spot {
  std::uint32_t west = 0;
  std::uint32_t north = 0;
  std::uint32_t altitude = 0;
};

/// How an altitude is written: below the sea INEGI has both `-006` and `00-2`.
enum class height : std::uint8_t { above_sea, below_sea, below_sea_padded };

[[nodiscard]] spot draw_spot(const frame& state, counter_random& random);

/// A place of the municipality around `center`.
[[nodiscard]] spot draw_spot_near(const spot& center, const frame& state, counter_random& random);

/// `"102°17'45.768"" W","21°52'47.362"" N",1878`.
void append_spot(std::string& text, const spot& where, height kind);

}  // namespace tequio::jobs::census
