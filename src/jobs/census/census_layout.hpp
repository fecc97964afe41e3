// SPDX-License-Identifier: MIT
// Who lives where: a state's localities, their municipalities, codes, people and dwellings.
// It keeps the counts of the state's shape to the row: every total, every withheld row, every person.
#pragma once

#include <cstdint>
#include <vector>

#include "jobs/census/census_states.hpp"

namespace tequio::jobs::census {

enum class dwellings : std::uint8_t { one, two, more };
enum class special : std::uint8_t { none, not_available, no_women, no_women_no_births, no_births };

struct locality {
  std::uint32_t code = 0;  ///< within its municipality, rising
  std::uint32_t population = 0;
  dwellings kind = dwellings::more;  ///< one and two: its figures are withheld
  special note = special::none;
};

/// The localities of a municipality in the order of their codes; the first is its head.
struct municipality {
  std::vector<locality> localities{};
};

/// The municipalities of a state in the order of their codes.
///
/// Exact:   the same for the same shape and seed, on any machine.
[[nodiscard]] std::vector<municipality> lay_out(const state_shape& state, std::uint64_t seed);

}  // namespace tequio::jobs::census
