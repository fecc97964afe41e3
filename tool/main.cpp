// SPDX-License-Identifier: MIT
// The command line: parses, runs what was chosen, and is the one place where an error becomes a line and an exit code.
#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <cstdio>
#include <exception>

#include "commands.hpp"
#include "exit_code.hpp"
#include "tequio/data/query.hpp"
#include "tequio/error.hpp"
#include "tequio/jobs/version.hpp"
#include "usage_error.hpp"

namespace {

using tequio::tool::exit_code;

exit_code run(int argc, char** argv) {
  CLI::App tool(
      "tequio: many hands, one job, nobody's share is lost.\n\n"
      "  tequio stats 'runs/*.npy'\n"
      "  tequio query -w 'MUN == 0 and LOC == 0' 'https://host/ITER_{01..32}_2020_csv.zip'\n",
      "tequio");
  tool.set_version_flag("--version", std::string("tequio ") + tequio::jobs::version());
  tool.require_subcommand(1);
  tool.get_formatter()->column_width(34);
  tequio::tool::action chosen;
  tequio::tool::add_stats(tool, chosen);
  tequio::tool::add_query(tool, chosen);
  tequio::tool::add_make(tool, chosen);
  tequio::tool::add_cpu(tool, chosen);
  try {
    tool.parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    // --help and --version come this way too
    return tool.exit(wrong) == 0 ? exit_code::success : exit_code::wrong_usage;
  }
  return chosen();
}

}  // namespace

int main(int argc, char** argv) {
  exit_code code = exit_code::could_not_run;
  try {
    code = run(argc, argv);
  } catch (const tequio::tool::usage_error& wrong) {
    fmt::print(stderr, "tequio: {}\n", wrong.what());
    code = exit_code::wrong_usage;
  } catch (const tequio::data::query_error& wrong) {
    fmt::print(stderr, "tequio: {}\n", wrong.what());
    code = exit_code::wrong_usage;
  } catch (const std::exception& failed) {
    fmt::print(stderr, "tequio: {}\n", failed.what());
  }
  return static_cast<int>(code);
}
