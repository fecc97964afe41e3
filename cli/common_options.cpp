// SPDX-License-Identifier: MIT
#include "common_options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "choice.hpp"
#include "tequio/worker_count.hpp"
#include "usage_error.hpp"
#include "value_checks.hpp"

namespace tequio::cli {
namespace {

constexpr double longest_timeout = 1e9;  // seconds: 30 years

/// Those that --engine names; an engine of another library is added here.
engine_registry offered_engines() { return core_engines(); }

}  // namespace

void common_options::add_to(CLI::App& command) {
  const std::string group = "Run";
  const std::vector<std::string> engines = offered_engines().names();
  command.add_option("-j,--workers", workers, "workers; by default one for each processor this process may use")
      ->check(whole_number(1, most_workers))
      ->type_name("N")
      ->group(group);
  command.add_option("--engine", engine, "what the workers are; in processes a crash harms no other item")
      ->check(one_of(engines))
      ->type_name(fmt::format("{}", fmt::join(engines, "|")))
      ->capture_default_str()
      ->group(group);
  command
      .add_option_function<double>(
          "--timeout", [this](double seconds) { timeout = std::chrono::duration<double>(seconds); },
          "ends an item that takes longer; needs processes")
      ->check(number_above(0, longest_timeout, "a number of seconds above 0"))
      ->type_name("SECONDS")
      ->group(group);
  command.add_option("--retries", retries, "how often an item that failed is tried again")
      ->check(whole_number(0, 1000))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  command.add_flag("--fail-fast", fail_fast, "start no further item once one has failed")->group(group);
  add_choice<progress_mode>(command, "--progress", progress,
                            {{"auto", progress_mode::automatic},
                             {"bar", progress_mode::bar},
                             {"json", progress_mode::json},
                             {"none", progress_mode::none}},
                            "auto: a line on a terminal; json: one line of JSON per second")
      ->group(group);
  command
      .add_option("-o,--output", output, "file for the result, which appears when it is complete; - is standard output")
      ->check(result_file())
      ->type_name("FILE");
}

any_engine common_options::make_engine() const {
  any_engine made = offered_engines().make(engine, workers);
  if (timeout.count() > 0 && !made.ends_items())
    throw usage_error({.object = "--timeout",
                       .problem = "only a process can be ended, and the engine is " + engine,
                       .cure = "leave out --engine or --timeout"});
  return made;
}

map_options common_options::make_map_options(progress_line& line) const {
  map_options options;
  options.timeout = std::chrono::duration_cast<std::chrono::nanoseconds>(timeout);
  options.retries = retries;
  options.on_error = fail_fast ? on_error::stop : on_error::go_on;
  if (line.wanted()) options.progress = [&line](const tequio::progress& now) { line.show(now); };
  return options;
}

}  // namespace tequio::cli
