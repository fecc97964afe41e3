// SPDX-License-Identifier: MIT
#include "job_run.hpp"

#include "progress_line.hpp"
#include "say.hpp"
#include "tequio/interruption.hpp"

namespace tequio::cli {
namespace {

/// The part of a run that a signal ends early. While the result is written, a signal ends the tool at once.
struct items_run {
  job_tally tally;
  run_end end;
};

items_run run_items(const job& what, const common_options& common, any_engine& crew) {
  progress_line line(common.progress, what.words.items);
  const interruption on_signal;
  job_tally tally = what.run(crew, common.make_map_options(line));
  const run_end end = end_of(tally.failures, tally.results);
  return {std::move(tally), end};
}

}  // namespace

exit_code run_job(const job& what, const common_options& common) {
  refuse_own_source(common.output, what.sources);
  any_engine crew = common.make_engine();
  if (what.prepare) what.prepare();
  output result(common.output);
  const auto [tally, end] = run_items(what, common, crew);
  if (result.takes(end, what.words)) {
    what.write(result);
    result.finish();
  }
  for (const std::string& warning : tally.warnings) say("warning: {}", warning);
  return report_failures(tally.failures, tally.items, end, what.words, common.timeout);
}

}  // namespace tequio::cli
