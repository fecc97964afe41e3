// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "commands.hpp"
#include "common_options.hpp"
#include "failures.hpp"
#include "output.hpp"
#include "tequio/interruption.hpp"
#include "tequio/jobs/make_census.hpp"
#include "tequio/jobs/make_npy.hpp"
#include "usage_error.hpp"

namespace tequio::tool {
namespace {

struct npy_arguments {
  std::string directory{};
  jobs::npy_samples samples{};
  common_options common{};
};

struct census_arguments {
  std::string directory{};
  jobs::census_samples samples{};
  common_options common{};
};

void make_directory(const std::string& directory) {
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  if (failed) throw usage_error({.object = directory, .problem = "cannot be made", .cure = "name a directory that you may write to", .code = failed});
}

// Makes one file for each of `plan`; `make` returns the bytes written.
template <class Planned, class Name, class Make>
exit_code make_all(const std::vector<Planned>& plan, const std::string& directory, const common_options& common,
                   Name name, Make make) {
  make_directory(directory);
  const interruption interrupted;
  progress_line line(common.progress, "files");
  any_engine crew = common.make_engine();
  const auto outcomes = crew.try_map(plan, common.make_map_options(line), make);
  line.wipe();
  std::vector<jobs::source_failure> failures;
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i])
      bytes += *outcomes[i];
    else
      failures.push_back({(std::filesystem::path(directory) / name(plan[i])).string(), outcomes[i].failure()});
  }
  output result(common.output);
  result.write(fmt::format("made {} files, {:.1f} MB, in {}\n", plan.size() - failures.size(),
                           static_cast<double>(bytes) / 1e6, directory));
  result.finish();
  return report_failures(failures, plan.size(), "files");
}

exit_code run_npy(const npy_arguments& arguments) {
  return make_all(
      jobs::plan_npy(arguments.samples), arguments.directory, arguments.common,
      [](const jobs::planned_npy& file) { return file.name; },
      [&](const jobs::planned_npy& file) { return jobs::make_npy(arguments.directory, arguments.samples, file.index); });
}

exit_code run_census(const census_arguments& arguments) {
  common_options common = arguments.common;
  return make_all(
      jobs::plan_census(arguments.samples), arguments.directory, common,
      [](const jobs::planned_state& state) { return state.zip; },
      [&](const jobs::planned_state& state) {
        return jobs::make_census(arguments.directory, arguments.samples, state.state).zip_bytes;
      });
}

void add_make_npy(CLI::App& make, action& chosen) {
  const auto arguments = std::make_shared<npy_arguments>();
  jobs::npy_samples& samples = arguments->samples;
  CLI::App* command = make.add_subcommand(
      "npy", "many .npy files of normally distributed doubles\n\n  tequio make npy runs --files 500 --shape 100000\n");
  command->add_option("DIR", arguments->directory, "where to; made if it is not there")->required();
  command->add_option("--files", samples.count, "how many")->capture_default_str();
  command->add_option("--shape", samples.shape, "of each array: 1000, or 100x20")->delimiter('x')->capture_default_str();
  command->add_option("--seed", samples.seed, "the same seed gives the same bytes")->capture_default_str();
  command->add_option("--mean", samples.mean)->capture_default_str();
  command->add_option("--deviation", samples.deviation)->capture_default_str();
  arguments->common.add_to(*command);
  command->callback([arguments, &chosen] { chosen = [arguments] { return run_npy(*arguments); }; });
}

void add_make_census(CLI::App& make, action& chosen) {
  const auto arguments = std::make_shared<census_arguments>();
  jobs::census_samples& samples = arguments->samples;
  CLI::App* command = make.add_subcommand(
      "census",
      "a zipped table for each state, shaped as INEGI's census of 2020\n\n  tequio make census census --scale 0.1\n");
  command->add_option("DIR", arguments->directory, "where to; made if it is not there")->required();
  command->add_option("--scale", samples.scale, "part of the rows and people, over 0 to 1")->capture_default_str();
  command->add_option("--states", samples.states, "codes of states, comma-separated; all 32 by default")->delimiter(',');
  command->add_option("--seed", samples.seed, "the same seed gives the same bytes")->capture_default_str();
  arguments->common.add_to(*command);
  command->callback([arguments, &chosen] { chosen = [arguments] { return run_census(*arguments); }; });
}

}  // namespace

void add_make(CLI::App& tool, action& chosen) {
  CLI::App* command = tool.add_subcommand("make", "sample data: the lecture's .npy files; 32 census tables");
  command->require_subcommand(1);
  add_make_npy(*command, chosen);
  add_make_census(*command, chosen);
}

}  // namespace tequio::tool
