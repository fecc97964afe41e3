// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "commands/commands.hpp"
#include "common_options.hpp"
#include "job_run.hpp"
#include "tequio/jobs/make_census.hpp"
#include "tequio/jobs/make_npy.hpp"
#include "tequio/new_file.hpp"
#include "usage_error.hpp"
#include "value_checks.hpp"

namespace tequio::cli {
namespace {

constexpr std::uint64_t any_number = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t most_files = 100'000'000;

struct npy_arguments {
  std::string folder{};
  jobs::npy_samples samples{};
  common_options common{};
};

struct census_arguments {
  std::string folder{};
  jobs::census_samples samples{};
  common_options common{};
};

void make_folder(const std::string& folder) {
  if (folder == "-")
    throw usage_error({.object = folder,
                       .problem = "is standard output, and the samples are files in a folder",
                       .cure = "name a folder; one of this name is ./-"});
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (!failed && !std::filesystem::is_directory(folder)) failed = std::make_error_code(std::errc::not_a_directory);
  if (failed)
    throw error(
        {.object = folder, .problem = "cannot be made", .cure = "name a folder that you may write to", .code = failed});
  try {
    const new_file trial(std::filesystem::path(folder) / "trial");
  } catch (const error& wrong) {
    throw error({.object = folder,
                 .problem = "no file can be made in it",
                 .cure = "name a folder that you may write to",
                 .code = wrong.code()});
  }
}

/// The files that were made of a plan.
struct made_files {
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
};

std::string text_of(const made_files& made, const std::string& folder) {
  return fmt::format("made {} {}, {:.1f} MB, in {}\n", made.count, made.count == 1 ? "file" : "files",
                     static_cast<double>(made.bytes) / 1e6, folder);
}

// Makes one file per item of `plan`; `make` returns the bytes written.
template <class Planned, class Name, class Make>
exit_code make_all(const std::vector<Planned>& plan, const std::string& folder, const common_options& common, Name name,
                   Make make) {
  made_files made;
  const job making{
      .words = {.item = "file", .items = "files", .done = "made"},
      .prepare = [&] { make_folder(folder); },
      .run =
          [&](any_engine& crew, const map_options& run) {
            job_tally tally{.items = plan.size()};
            const auto path = [&](const Planned& file) {
              return (std::filesystem::path(folder) / name(file)).string();
            };
            jobs::split(crew.try_map(plan, run, make), plan, path, tally.failures, [&](std::uint64_t bytes) {
              ++made.count;
              made.bytes += bytes;
            });
            tally.results = made.count;
            return tally;
          },
      .write = [&](output& result) { result.write(text_of(made, folder)); },
  };
  return run_job(making, common);
}

exit_code run_npy(const npy_arguments& arguments) {
  return make_all(
      checked_usage([&] { return jobs::plan_npy(arguments.samples); }), arguments.folder, arguments.common,
      [](const jobs::planned_npy& file) { return file.name; },
      [&](const jobs::planned_npy& file) { return jobs::make_npy(arguments.folder, arguments.samples, file.index); });
}

exit_code run_census(const census_arguments& arguments) {
  return make_all(
      checked_usage([&] { return jobs::plan_census(arguments.samples); }), arguments.folder, arguments.common,
      [](const jobs::planned_state& state) { return state.zip; },
      [&](const jobs::planned_state& state) {
        return jobs::make_census(arguments.folder, arguments.samples, state.state).zip_bytes;
      });
}

void add_make_npy(CLI::App& make, action& chosen) {
  const auto arguments = std::make_shared<npy_arguments>();
  jobs::npy_samples& samples = arguments->samples;
  CLI::App* command = make.add_subcommand(
      "npy", "many .npy files of normally distributed doubles\n\n  tequio make npy runs --files 500 --shape 100000\n");
  command->group("Commands");
  command->add_option("DIR", arguments->folder, "where to; made if it is not there")->required();
  command->add_option("--files", samples.count, "how many")
      ->check(whole_number(0, most_files))
      ->type_name("N")
      ->capture_default_str();
  command->add_option("--shape", samples.shape, "of each array: 1000, or 100x20")
      ->delimiter('x')
      ->allow_extra_args(false)
      ->check(dimension())
      ->type_name("NxN")
      ->capture_default_str();
  command->add_option("--seed", samples.seed, "the same seed gives the same bytes")
      ->check(whole_number(0, any_number))
      ->type_name("N")
      ->capture_default_str();
  command->add_option("--mean", samples.mean, "of the values")
      ->check(finite_number())
      ->type_name("X")
      ->capture_default_str();
  command->add_option("--deviation", samples.deviation, "of the values from their mean")
      ->check(finite_number())
      ->type_name("X")
      ->capture_default_str();
  arguments->common.add_to(*command);
  command->callback([arguments, &chosen] { chosen = [arguments] { return run_npy(*arguments); }; });
}

void add_make_census(CLI::App& make, action& chosen) {
  const auto arguments = std::make_shared<census_arguments>();
  jobs::census_samples& samples = arguments->samples;
  CLI::App* command = make.add_subcommand(
      "census",
      "a zipped table for each state, shaped as INEGI's census of 2020\n\n  tequio make census census --scale 0.1\n");
  command->group("Commands");
  command->add_option("DIR", arguments->folder, "where to; made if it is not there")->required();
  command->add_option("--scale", samples.scale, "part of the rows and people")
      ->check(number_above(0, 1, "a number above 0, up to 1"))
      ->type_name("X")
      ->capture_default_str();
  command->add_option("--states", samples.states, "codes of states, as 1,9,32; by default all 32")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(whole_number(1, 32))
      ->type_name("N,N");
  command->add_option("--seed", samples.seed, "the same seed gives the same bytes")
      ->check(whole_number(0, any_number))
      ->type_name("N")
      ->capture_default_str();
  arguments->common.add_to(*command);
  command->callback([arguments, &chosen] { chosen = [arguments] { return run_census(*arguments); }; });
}

}  // namespace

void add_make(CLI::App& tool, action& chosen) {
  CLI::App* command = tool.add_subcommand("make",
                                          "sample data: the lecture's .npy files; 32 census tables\n\n"
                                          "  tequio make npy runs --files 500 --shape 100000\n"
                                          "  tequio make census census --scale 0.1\n");
  command->group("Commands");
  command->require_subcommand(1);
  add_make_npy(*command, chosen);
  add_make_census(*command, chosen);
}

}  // namespace tequio::cli
