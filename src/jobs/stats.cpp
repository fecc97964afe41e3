// SPDX-License-Identifier: MIT
#include "tequio/jobs/stats.hpp"

#include <memory>
#include <utility>

#include "tequio/bind_values.hpp"
#include "tequio/data/file.hpp"
#include "tequio/data/format_error.hpp"
#include "tequio/data/npy.hpp"
#include "tequio/data/zip.hpp"

namespace tequio::jobs {
namespace {

/// What one source gave: an archive may hold arrays that can be read and others that cannot.
struct source_result {
  std::vector<array_stats> arrays{};
  std::vector<source_failure> failures{};
};

// An .npz is a zip of .npy members; NumPy calls each by its name without the ending.
source_result archive_stats(const data::source& from, const data::fetch_options& fetch, data::numpy_rule numpy,
                            data::npy_reader& reader) {
  // an array of zeros compresses as well as any bomb does; deflate itself goes no further than 1032:1
  const data::zip_archive archive(data::open_file(from, fetch), {.most_ratio = 1100});
  source_result found;
  for (std::size_t i = 0; i < archive.members().size(); ++i) {
    std::string name = archive.members()[i].name;
    if (!name.ends_with(".npy")) continue;
    name.resize(name.size() - std::string_view(".npy").size());
    const std::string label = from.label + ":" + name;
    try {
      reader.open(*archive.open(i));
      found.arrays.push_back({label, data::summarize(reader, numpy)});
    } catch (const error&) {
      found.failures.push_back({label, {.kind = verdict::error, .exceptions = describe_current_exception()}});
    }
  }
  if (found.arrays.empty() && found.failures.empty())
    throw data::format_error({.object = from.label,
                              .problem = "holds no array: none of its members is named .npy",
                              .cure = "give archives written by numpy.savez"});
  return found;
}

source_result source_stats(const data::fetch_options& fetch, data::numpy_rule numpy, const data::source& from) {
  // one buffer per worker, kept from file to file
  thread_local data::npy_reader reader;
  if (data::is_named(from, ".npz")) return archive_stats(from, fetch, numpy, reader);
  reader.open(data::open_file(from, fetch));
  return {.arrays = {{from.label, data::summarize(reader, numpy)}}};
}

}  // namespace

stats_report stats(any_engine& crew, std::span<const data::source> sources, const stats_options& options) {
  auto outcomes = crew.try_map(sources, options.run, bind_values(&source_stats, options.fetch, options.numpy));
  stats_report report;
  std::vector<data::summary> parts;
  split(std::move(outcomes), sources, &data::source::label, report.failures, [&](source_result found) {
    for (array_stats& array : found.arrays) {
      parts.push_back(array.summary);
      report.arrays.push_back(std::move(array));
    }
    for (source_failure& failed : found.failures) report.failures.push_back(std::move(failed));
  });
  report.total = data::merge(parts);
  return report;
}

}  // namespace tequio::jobs
