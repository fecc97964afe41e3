// SPDX-License-Identifier: MIT
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "command_line.hpp"
#include "commands/commands.hpp"
#include "common_options.hpp"
#include "failures.hpp"
#include "output.hpp"
#include "sources.hpp"
#include "stats_format.hpp"
#include "tequio/interruption.hpp"
#include "tequio/jobs/stats.hpp"

namespace tequio::cli {
namespace {

struct stats_arguments {
  std::vector<std::string> files{};
  std::string format = "table";
  bool total = false;
  common_options common{};
};

exit_code run(const stats_arguments& arguments) {
  const auto sources = sources_of(arguments.files);
  refuse_own_source(arguments.common.output, sources);
  any_engine crew = arguments.common.make_engine();
  output result(arguments.common.output);
  progress_line line(arguments.common.progress, "files");
  // writing the result is Ctrl-C's to end at once, reading is not
  std::optional<interruption> on_signal(std::in_place);
  const jobs::stats_report report = jobs::stats(crew, sources, {.run = arguments.common.make_map_options(line)});
  const job_end end = end_of(report.failures, report.arrays.size());
  on_signal.reset();
  line.wipe();
  const job_words words{
      .item = "file", .items = "files", .done = "read", .timeout_seconds = arguments.common.timeout_seconds};
  if (result.takes(end, words)) {
    format_stats(report, arguments.format, arguments.total, [&](std::string_view text) { result.write(text); });
    result.finish();
  }
  // several arrays of one archive may fail
  const std::size_t total = std::max(sources.size(), report.failures.size());
  return report_failures(report.failures, total, end, words);
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
  command->add_option("--format", arguments->format, "of the result")
      ->check(one_of({"table", "csv", "json"}))
      ->type_name("table|csv|json")
      ->capture_default_str();
  command->add_flag("--total", arguments->total, "add the line of all files together to csv and json; a table has it");
  command->group("Commands");
  arguments->common.add_to(*command);
  command->callback([arguments, &chosen] { chosen = [arguments] { return run(*arguments); }; });
}

}  // namespace tequio::cli
