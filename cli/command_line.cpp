// SPDX-License-Identifier: MIT
#include "command_line.hpp"

#include <string>

#include "help_format.hpp"
#include "tequio/version.hpp"

namespace tequio::cli {

std::unique_ptr<CLI::App> make_command_line(action& chosen) {
  auto made = std::make_unique<CLI::App>(
      "tequio: many hands, one job, nobody's share is lost.\n\n"
      "  tequio stats 'runs/*.npy'\n"
      "  tequio query -w 'MUN == 0 and LOC == 0' 'https://host/ITER_{01..32}_2020_csv.zip'\n",
      "tequio");
  CLI::App& tool = *made;
  tool.formatter(std::make_shared<help_format>());
  tool.set_help_flag("-h,--help", "show this and exit");
  tool.set_version_flag("--version", std::string("tequio ") + version(), "show the version and exit");
  tool.require_subcommand(1);
  tool.get_formatter()->column_width(34);
  tool.get_formatter()->label("SUBCOMMAND", "COMMAND");
  add_stats(tool, chosen);
  add_query(tool, chosen);
  add_make(tool, chosen);
  add_cpu(tool, chosen);
  return made;
}

}  // namespace tequio::cli
