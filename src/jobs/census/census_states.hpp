// SPDX-License-Identifier: MIT
// How many rows of which kind each state's table has, how its people are spread over its localities, and where it
// lies. Row counts and population figures are those of the census of 2020; the frame on the map is a rough one.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tequio::jobs::census {

enum class shore : std::uint8_t { none, sea };

/// Where a state's localities lie: hundredths of a degree, metres above the sea.
struct frame {
  std::uint32_t west_from = 0;
  std::uint32_t west_to = 0;
  std::uint32_t north_from = 0;
  std::uint32_t north_to = 0;
  std::uint32_t altitude_from = 0;
  std::uint32_t altitude_to = 0;
  shore coast = shore::none;
};

/// The shape of a state's table.
struct state_shape {
  std::uint32_t code = 0;
  std::string_view name{};
  std::uint32_t municipalities = 0;
  std::uint32_t localities = 0;
  std::uint32_t rows_9998 = 0;  ///< totals of localities of one dwelling, the state's own included
  std::uint32_t rows_9999 = 0;  ///< the same of two dwellings
  std::uint32_t masked = 0;     ///< rows whose figures are withheld
  std::uint32_t not_available = 0;
  std::uint32_t without_women = 0;   ///< rows whose REL_H_M is N/A
  std::uint32_t without_births = 0;  ///< rows whose PROM_HNV is N/A
  std::uint32_t population = 0;
  std::uint32_t median = 0;     ///< half of the localities have fewer people
  std::uint32_t ninetieth = 0;  ///< nine in ten have fewer
  std::uint32_t largest = 0;    ///< people in the largest
  frame place{};

  [[nodiscard]] std::uint64_t rows() const noexcept {
    return std::uint64_t{1} + municipalities + localities + rows_9998 + rows_9999;
  }
};

inline constexpr std::size_t state_count = 32;

/// The states in the order of their codes, 1 to 32.
extern const std::array<state_shape, state_count> states;

/// The same state with `scale` of its rows and people, and at least one row of every kind it has.
///
/// @param scale in (0, 1]; 1 gives the state itself.
[[nodiscard]] state_shape scaled(const state_shape& state, double scale);

}  // namespace tequio::jobs::census
