// SPDX-License-Identifier: MIT
// The figures of one row: drawn for a locality, added up for a total.
#pragma once

#include <array>
#include <cstdint>

#include "jobs/census/census_columns.hpp"
#include "jobs/census/census_layout.hpp"
#include "jobs/random.hpp"

namespace tequio::jobs::census {

/// A row's figures by column; decimals in hundredths; places unused.
using figures = std::array<std::uint32_t, column_count>;

/// Stands for N/A.
inline constexpr std::uint32_t not_applicable = 0xffff'ffff;

/// The figures of a locality: parts about as large as in the whole country, none larger than its whole.
[[nodiscard]] figures draw_figures(const locality& where, counter_random random);

/// Adds a locality to a total; the total's decimals are of no meaning until draw_decimals().
void add(figures& total, const figures& part);

/// Gives a total its decimals.
void draw_decimals(figures& total, counter_random random);

/// TAMLOC: 1 for fewer than 250 people to 14 for a million and more.
[[nodiscard]] std::uint32_t size_class_of(std::uint32_t population);

}  // namespace tequio::jobs::census
