// SPDX-License-Identifier: MIT
// The 286 columns of a census table, in order, and the rule that gives each its figures.
// A part is drawn from the column it is part of, so that no figure is larger than its whole.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tequio::jobs::census {

enum class rule : std::uint8_t {
  place,       ///< says which row it is
  given,       ///< known before: people, dwellings
  part,        ///< about `share` of `whole`
  women,       ///< as part; none where no women live
  rest,        ///< `whole` less the column before
  decimal,     ///< a ratio or mean, in hundredths
  size_class,  ///< of the locality, by its people
};

/// In which rows a column shows its figure: in all, in all except withheld (masked) ones, or only where figures are
/// neither withheld nor not available (N/D).
enum class disclosure : std::uint8_t { always, not_masked, open };

struct column {
  std::string_view name{};
  rule made_by = rule::place;
  std::string_view whole{};
  double share = 0;
};

inline constexpr std::size_t column_count = 286;

extern const std::array<column, column_count> columns;

/// The place of a column, which must be there.
[[nodiscard]] std::size_t index_of(std::string_view name);

/// For each column the place of its whole; its own where it has none.
extern const std::array<std::uint16_t, column_count> wholes;

[[nodiscard]] disclosure disclosure_of(const column& which);

}  // namespace tequio::jobs::census
