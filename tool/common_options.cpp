// SPDX-License-Identifier: MIT
#include "common_options.hpp"

#include <chrono>

namespace tequio::tool {

void common_options::add_to(CLI::App& command) {
  const std::string group = "Run";
  command.add_option("-j,--workers", workers, "workers; by default one for each processor this process may use")
      ->check(CLI::Range(1, 65536))
      ->group(group);
  command.add_option("--engine", engine, "what the workers are; a bad item cannot harm others in processes")
      ->check(CLI::IsMember({"serial", "threads", "processes"}))
      ->capture_default_str()
      ->group(group);
  command.add_option("--timeout", timeout_seconds, "seconds after which an item is ended; needs processes")
      ->check(CLI::PositiveNumber)
      ->group(group);
  command.add_option("--retries", retries, "how often an item that failed is tried again")->capture_default_str()->group(group);
  command.add_flag("--fail-fast", fail_fast, "start no further item once one has failed")->group(group);
  command.add_option("--progress", progress, "auto: a line on a terminal; json: a line of JSON a second")
      ->check(CLI::IsMember({"auto", "bar", "json", "none"}))
      ->capture_default_str()
      ->group(group);
  command.add_option("-o,--output", output, "file for the result in place of standard output; appears when complete")
      ->type_name("FILE");
}

any_engine common_options::make_engine() const { return any_engine::named(engine, workers); }

map_options common_options::make_map_options(progress_line& line) const {
  map_options options;
  options.timeout = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(timeout_seconds));
  options.retries = retries;
  options.on_error = fail_fast ? on_error::stop : on_error::go_on;
  if (line.wanted()) options.progress = [&line](const tequio::progress& now) { line.show(now); };
  return options;
}

}  // namespace tequio::tool
