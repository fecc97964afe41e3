// SPDX-License-Identifier: MIT
// Sample data: the tables of the census of 2020, one zip per state, shaped as INEGI's are. Row counts, people of each
// state and column names are real; places and figures are made up. INEGI has no part in them.
// Use plan_census() to see what will be made and make_census() for each state, in any order, by any workers.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tequio/error.hpp"

namespace tequio::jobs {

/// What to make: by default all 32 states at full size, 150 MB of CSV in zips of 36 MB.
struct census_samples {
  double scale = 1;           ///< of the rows and people, in (0, 1]
  std::vector<int> states{};  ///< their codes, 1 to 32; empty for all
  std::uint64_t seed = 2020;
};

/// One state of a plan.
struct planned_state {
  int state = 0;                ///< its code
  std::string name{};           ///< "Aguascalientes"
  std::string zip{};            ///< "ITER_01_2020_csv.zip"
  std::string member{};         ///< "ITER_01CSV20.csv"
  std::uint64_t rows = 0;       ///< exact
  std::uint64_t csv_bytes = 0;  ///< of a whole state within 3 %
};

/// What was made of a state.
struct made_state {
  std::uint64_t rows = 0;
  std::uint64_t csv_bytes = 0;
  std::uint64_t zip_bytes = 0;
};

/// The states that make_census() will make, in the order asked for.
///
/// Errors:  error when the scale is not in (0, 1], or a code is not one of a state or is given twice.
[[nodiscard]] std::vector<planned_state> plan_census(const census_samples& samples);

/// Makes the zip of `state` in `directory`, replacing it in one step when it is there.
///
/// Shapes:  CSV: 286 columns, UTF-8 with BOM, CRLF; the state, its municipalities, their localities.
/// Blocks:  until it is written; a few MB of memory.
/// Errors:  as plan_census(); error naming the file: no such directory, no permission, no space. Nothing is left
/// behind.
/// Safety:  callable from any thread or process, for different states at once.
/// Exact:   the same CSV for the same scale, state and seed, on any machine; the same zip with the same zlib.
/// Source:  INEGI, Censo de Población y Vivienda 2020, Principales resultados por localidad (ITER): the shape.
made_state make_census(const std::filesystem::path& directory, const census_samples& samples, int state);

}  // namespace tequio::jobs
