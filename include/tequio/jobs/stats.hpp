// SPDX-License-Identifier: MIT
// Statistics of many .npy and .npz files, each and together, on any engine.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <vector>

#include "tequio/data/fetch.hpp"
#include "tequio/data/numpy_rule.hpp"
#include "tequio/data/source.hpp"
#include "tequio/data/stats.hpp"
#include "tequio/engine.hpp"
#include "tequio/jobs/source_failure.hpp"

namespace tequio::jobs {

/// How stats() reads and runs.
struct stats_options {
  map_options run{};
  data::fetch_options fetch{};
  data::numpy_rule numpy = data::numpy_rule::since_2_3;  ///< the NumPy whose sums are given: their last bits differ
};

/// Statistics of one array.
struct array_stats {
  std::string source{};  ///< the label of its file; "file.npz:name" for a member of an archive
  data::summary summary{};
};

/// What stats() found.
struct stats_report {
  std::vector<array_stats> arrays{};       ///< in the order of the sources, an archive's members in its order
  data::summary total{};                   ///< of all arrays together
  std::vector<source_failure> failures{};  ///< files, or arrays of an archive, without a result, in their order
};

/// Count, sum, mean, standard deviation, min and max of every array of every source.
///
/// Shapes:  any, also different ones; total: over all elements of all arrays.
/// Blocks:  until all sources are read or the run is stopped.
/// Errors:  only the engine's own; a source's is its failure in the report.
/// Exact:   each array as data::summarize() gives it (the bits of NumPy, in double); all of them the same on any engine
///          and number of workers.
[[nodiscard]] stats_report stats(any_engine& crew, std::span<const data::source> sources,
                                 const stats_options& options = {});

}  // namespace tequio::jobs
