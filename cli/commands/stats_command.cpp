// SPDX-License-Identifier: MIT
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "choice.hpp"
#include "commands/commands.hpp"
#include "common_options.hpp"
#include "job_run.hpp"
#include "sources.hpp"
#include "stats_format.hpp"
#include "tequio/data/numpy_rule.hpp"
#include "tequio/jobs/stats.hpp"
#include "value_checks.hpp"

namespace tequio::cli {
namespace {

struct stats_arguments {
  std::vector<std::string> files{};
  stats_format format = stats_format::table;
  bool total = false;
  data::numpy_rule numpy = data::numpy_rule::since_2_3;
  common_options common{};
};

exit_code run(const stats_arguments& arguments) {
  const auto sources = sources_of(arguments.files);
  jobs::stats_report report;
  const job stats{
      .words = {.item = "file", .items = "files", .done = "read"},
      .sources = sources,
      .run =
          [&](any_engine& crew, const map_options& run) {
            report = jobs::stats(crew, sources, {.run = run, .numpy = arguments.numpy});
            // several arrays of one archive may fail
            return job_tally{.items = std::max(sources.size(), report.failures.size()),
                             .results = report.arrays.size(),
                             .failures = report.failures};
          },
      .write =
          [&](output& result) {
            write_stats(report, arguments.format, arguments.total, [&](std::string_view text) { result.write(text); });
          },
  };
  return run_job(stats, arguments.common);
}

}  // namespace

void add_stats(CLI::App& tool, action& chosen) {
  const auto arguments = std::make_shared<stats_arguments>();
  CLI::App* command =
      tool.add_subcommand("stats",
                          "count, mean, standard deviation, min and max of .npy/.npz arrays, each and together\n\n"
                          "  tequio stats 'runs/*.npy' --format csv -o runs.csv\n");
  command
      ->add_option("FILES", arguments->files,
                   "paths, globs ('runs/*.npy'), lists (@files.txt), ranges ('run_{001..100}.npy'), URLs")
      ->required();
  add_choice<stats_format>(*command, "--format", arguments->format,
                           {{"table", stats_format::table}, {"csv", stats_format::csv}, {"json", stats_format::json}},
                           "of the result");
  command->add_flag("--total", arguments->total, "add the line of all files together to csv and json; a table has it");
  command
      ->add_option_function<std::string>(
          "--numpy",
          [arguments = arguments.get()](const std::string& version) {
            arguments->numpy = data::numpy_rule_of(version);
          },
          "add up as this NumPy does: 2.3 changed the last bits of its sums")
      ->check(numpy_version())
      ->type_name("VERSION")
      ->default_str("2.3");
  command->group("Commands");
  arguments->common.add_to(*command);
  command->callback([arguments, &chosen] { chosen = [arguments] { return run(*arguments); }; });
}

}  // namespace tequio::cli
