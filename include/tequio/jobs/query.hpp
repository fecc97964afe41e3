// SPDX-License-Identifier: MIT
// The rows of many tables that satisfy an expression, joined, on any engine.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "tequio/data/filter.hpp"
#include "tequio/data/open.hpp"
#include "tequio/data/query.hpp"
#include "tequio/data/rows.hpp"
#include "tequio/data/source.hpp"
#include "tequio/engine.hpp"
#include "tequio/jobs/source_failure.hpp"

namespace tequio::jobs {

/// How query() reads and runs.
struct query_options {
  map_options run{};  ///< a chunk of 0 means one table at a time: tables are few and large
  data::open_options open{};
  data::filter_options filter{};
};

/// What query() found.
struct query_report {
  std::vector<data::row_block> tables{};   ///< the kept rows of each table that could be read, in source order
  std::vector<source_failure> failures{};  ///< the others, in their order
  std::vector<std::string> warnings{};
  std::uint64_t rows_read = 0;  ///< of the tables that could be read
  std::uint64_t rows_kept = 0;
};

/// The rows of every source that satisfy `condition`; data::write_csv() joins them.
///
/// Memory:  the kept rows, and some MB per worker.
/// Blocks:  until all sources are read or the run is stopped.
/// Errors:  only the engine's own; a source's is its failure in the report, and none of its rows is kept.
[[nodiscard]] query_report query(any_engine& crew, std::span<const data::source> sources, const data::query& condition,
                                 const query_options& options = {});

}  // namespace tequio::jobs
