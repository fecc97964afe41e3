// SPDX-License-Identifier: MIT
#include <memory>
#include <string>
#include <vector>

#include "commands/commands.hpp"
#include "common_options.hpp"
#include "job_run.hpp"
#include "sources.hpp"
#include "tequio/data/rows.hpp"
#include "tequio/jobs/query.hpp"
#include "usage_error.hpp"

namespace tequio::cli {
namespace {

struct query_arguments {
  std::vector<std::string> sources{};
  std::string where{};
  std::vector<std::string> missing{};
  std::vector<std::string> variables{};
  std::string member{};
  std::string delimiter = ",";
  bool lenient = false;
  common_options common{};
};

data::query_variables variables_of(std::span<const std::string> words) {
  data::query_variables variables;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == 0 || equals == std::string::npos)
      throw usage_error({.object = "--var " + word, .problem = "no NAME=VALUE", .cure = "write --var limit=100"});
    variables[word.substr(0, equals)] = word.substr(equals + 1);
  }
  return variables;
}

char delimiter_of(const std::string& word) {
  if (word == "\\t" || word == "tab") return '\t';
  if (word.size() != 1)
    throw usage_error({.object = "--delimiter " + word, .problem = "not one character", .cure = "write , ; or tab"});
  return word.front();
}

exit_code run(const query_arguments& arguments) {
  const data::query condition(arguments.where, variables_of(arguments.variables));
  const auto sources = sources_of(arguments.sources);
  jobs::query_options options;
  options.open.member = arguments.member;
  options.filter.csv.delimiter = delimiter_of(arguments.delimiter);
  options.filter.missing = arguments.missing;
  options.filter.on_mismatch = arguments.lenient ? data::mismatch::no_match : data::mismatch::fails;

  jobs::query_report report;
  const job query{
      .words = {.item = "source", .items = "sources", .done = "read"},
      .sources = sources,
      .run =
          [&](any_engine& crew, const map_options& run) {
            options.run = run;
            report = jobs::query(crew, sources, condition, options);
            return job_tally{.items = sources.size(),
                             .results = report.tables.size(),
                             .failures = report.failures,
                             .warnings = report.warnings};
          },
      .write =
          [&](output& result) { data::write_csv(report.tables, [&](std::string_view text) { result.write(text); }); },
  };
  return run_job(query, arguments.common);
}

}  // namespace

void add_query(CLI::App& tool, action& chosen) {
  const auto arguments = std::make_shared<query_arguments>();
  CLI::App* command = tool.add_subcommand(
      "query",
      "the rows of CSV sources (plain, .gz, .zip; paths or URLs) that satisfy EXPR, joined\n\n"
      "  tequio query -w 'MUN == 0 and LOC == 0' 'https://host/ITER_{01..32}_2020_csv.zip' -o states.csv\n"
      "  tequio query -w 'POBTOT > 1e5 and NOM_ENT != \"Jalisco\"' 'census/*.zip'\n");
  command->add_option("SOURCES", arguments->sources, "paths, globs, lists (@urls.txt), ranges ({01..32}), URLs")
      ->required();
  command
      ->add_option("-w,--where", arguments->where,
                   "pandas' query language: == != < <= > >= in, and or not, arithmetic, `name with blanks`, .isna()")
      ->required()
      ->type_name("EXPR");
  command->add_option("--na", arguments->missing, "texts that stand for a missing value, comma-separated: '*,N/D'")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("TEXTS");
  command->add_flag("--lenient", arguments->lenient, "a field that is no number does not match, in place of an error");
  command->add_option("--var", arguments->variables, "what @NAME stands for in EXPR")
      ->allow_extra_args(false)
      ->type_name("NAME=VALUE");
  command->add_option("--member", arguments->member, "glob that names the table in each zip")->type_name("GLOB");
  command->add_option("--delimiter", arguments->delimiter, "between fields: , ; tab")
      ->type_name("CHARACTER")
      ->capture_default_str();
  command->group("Commands");
  arguments->common.add_to(*command);
  command->callback([arguments, &chosen] { chosen = [arguments] { return run(*arguments); }; });
}

}  // namespace tequio::cli
