// SPDX-License-Identifier: MIT
// The functions and methods a query may call, and how their arguments are read.
#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "expr/binder.hpp"

namespace tequio::data {
namespace {

struct function_1 {
  std::string_view name;
  double (*function)(double);
};

constexpr function_1 functions[] = {
    {"sin", std::sin},       {"cos", std::cos},     {"exp", std::exp},       {"log", std::log},
    {"expm1", std::expm1},   {"log1p", std::log1p}, {"sqrt", std::sqrt},     {"sinh", std::sinh},
    {"cosh", std::cosh},     {"tanh", std::tanh},   {"tan", std::tan},       {"arcsin", std::asin},
    {"arccos", std::acos},   {"arctan", std::atan}, {"arccosh", std::acosh}, {"arcsinh", std::asinh},
    {"arctanh", std::atanh}, {"abs", std::fabs},    {"log10", std::log10},   {"floor", std::floor},
    {"ceil", std::ceil},
};

constexpr std::string_view methods = ".isna() .notna() .isnull() .notnull() .isin([...]) .between(a, b)";
constexpr std::string_view text_methods =
    ".str.len() .lower() .upper() .strip() .startswith() .endswith() .contains() .match() .fullmatch() .isnumeric()";

std::shared_ptr<const re2::RE2> compile(const std::string& pattern, bool ignore_case, bool literal) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_case_sensitive(!ignore_case);
  options.set_literal(literal);
  return std::make_shared<const re2::RE2>(pattern, options);
}

}  // namespace

// The node `X.str` of `X.str.method()`.
const node* query_binder::text_accessor(const node& method) const {
  const node& object = at(method.operands[0]);
  return object.kind == node_kind::attribute && object.text == "str" ? &object : nullptr;
}

step_id query_binder::truth_method(const node& method) {
  const node_id subject = method.operands[0];
  const std::string& name = method.text;
  if (const node* accessor = text_accessor(method)) return text_predicate(method, accessor->operands[0]);
  if (name == "isna" || name == "isnull" || name == "notna" || name == "notnull") {
    static_cast<void>(arguments(method, {}, 0));
    return missing(subject, name.starts_with("not"));
  }
  if (name == "isin") {
    return membership(subject, id_of(arguments(method, {"values"}, 1)[0]), false);
  }
  if (name == "between") return between(method);
  fail_method(method);
}

step_id query_binder::missing(node_id subject, bool negated) {
  const value_type type = type_of(subject);
  step made{.kind = step_kind::text_missing};
  if (type == value_type::number) {
    made.kind = step_kind::number_missing;
    made.operands = {number_of(subject)};
  } else if (type == value_type::field || type == value_type::text) {
    made.operands = {text_of(subject)};
  } else {
    fail(at(subject), "only a column or a value can be missing", "write COLUMN.isna()");
  }
  return negated_if(negated, add(std::move(made)));
}

step_id query_binder::between(const node& method) {
  const std::vector<const node*> given = arguments(method, {"left", "right", "inclusive"}, 2);
  const std::string inclusive = given[2] ? constant_text(*given[2]) : "both";
  if (inclusive != "both" && inclusive != "neither" && inclusive != "left" && inclusive != "right") {
    fail(*given[2], fmt::format("inclusive cannot be {}", shown(inclusive)),
         "it is 'both', 'neither', 'left' or 'right'");
  }
  const bool left = inclusive == "both" || inclusive == "left";
  const bool right = inclusive == "both" || inclusive == "right";
  const step_id low =
      compare(left ? relation::greater_equal : relation::greater, method.operands[0], id_of(given[0]), method);
  const step_id high =
      compare(right ? relation::less_equal : relation::less, method.operands[0], id_of(given[1]), method);
  return add({.kind = step_kind::all, .operands = {low, high}});
}

step_id query_binder::text_predicate(const node& method, node_id subject) {
  const std::string& name = method.text;
  const std::vector<step_id> operands = {text_of(subject)};
  if (name == "isnumeric") {
    static_cast<void>(arguments(method, {}, 0));
    return add({.kind = step_kind::is_numeric, .operands = operands});
  }
  if (name == "startswith" || name == "endswith") {
    const std::vector<const node*> given = arguments(method, {"pat", "na"}, 1);
    step made{.kind = name == "startswith" ? step_kind::starts_with : step_kind::ends_with,
              .operands = operands,
              .constant = flag(given[1], false)};
    if (given[0]->kind == node_kind::list) {
      made.list = constants(*given[0]);
      if (!made.list.numbers.empty() || made.list.missing)
        fail(*given[0], "the list must hold texts", "put its values in quotes");
    } else {
      made.list.texts = {constant_text(*given[0])};
    }
    return add(std::move(made));
  }
  const bool contains = name == "contains";
  if (!contains && name != "match" && name != "fullmatch") fail_method(method);
  const std::vector<const node*> given = contains ? arguments(method, {"pat", "case", "flags", "na", "regex"}, 1)
                                                  : arguments(method, {"pat", "case", "flags", "na"}, 1);
  if (given[2]) fail(*given[2], "flags are not supported", "use case=False, or (?i) and its like in the expression");
  const bool literal = contains && !flag(given[4], true);
  step made{.kind = step_kind::matches, .operands = operands, .constant = flag(given[3], false)};
  made.anchored = contains ? anchor::none : name == "match" ? anchor::begin : anchor::both;
  made.expression = compile(constant_text(*given[0]), !flag(given[1], true), literal);
  if (!made.expression->ok()) {
    fail(*given[0], fmt::format("the regular expression is wrong: {}", made.expression->error()),
         contains ? "correct it, or take it literally: regex=False" : "correct it");
  }
  return add(std::move(made));
}

step_id query_binder::text_method(const node& method) {
  step made{.operands = {text_of(text_accessor(method)->operands[0])}};
  if (method.text == "strip") {
    const node* characters = arguments(method, {"to_strip"}, 0)[0];
    made.kind = step_kind::strip;
    if (characters) made.text = constant_text(*characters);
  } else {
    static_cast<void>(arguments(method, {}, 0));
    made.kind = method.text == "lower" ? step_kind::lower : step_kind::upper;
  }
  return add(std::move(made));
}

step_id query_binder::number_call(const node& call) {
  if (call.text == "arctan2") {
    const std::vector<const node*> given = arguments(call, {"y", "x"}, 2);
    const step_id first = number_of(id_of(given[0]));
    return add(
        {.kind = step_kind::function_2, .operands = {first, number_of(id_of(given[1]))}, .function_2 = std::atan2});
  }
  const auto found = std::find_if(std::begin(functions), std::end(functions),
                                  [&](const function_1& f) { return f.name == call.text; });
  if (found == std::end(functions)) {
    std::vector<std::string> known{"arctan2"};
    for (const function_1& f : functions) known.emplace_back(f.name);
    const std::vector<std::string> near = nearest_names(call.text, known);
    fail(call, fmt::format("there is no function {}", shown(call.text)),
         fmt::format("{} are there", fmt::join(near.empty() ? known : near, ", ")));
  }
  const std::vector<const node*> given = arguments(call, {"x"}, 1);
  return add({.kind = step_kind::function_1, .operands = {number_of(id_of(given[0]))}, .function_1 = found->function});
}

// The arguments in the order of the parameters, null where one is not given.
std::vector<const node*> query_binder::arguments(const node& call, std::vector<std::string_view> parameters,
                                                 std::size_t required) const {
  std::vector<const node*> given(parameters.size());
  const std::size_t first = call.operands.size() - call.argument_names.size();
  for (std::size_t i = 0; i < call.argument_names.size(); ++i) {
    const node& argument = at(call.operands[first + i]);
    const std::string& name = call.argument_names[i];
    const std::size_t place =
        name.empty()
            ? i
            : static_cast<std::size_t>(std::find(parameters.begin(), parameters.end(), name) - parameters.begin());
    if (place >= parameters.size() || given[place]) {
      fail(argument,
           name.empty() ? fmt::format("{}() takes {} arguments", call.text, parameters.size())
                        : fmt::format("{}() takes no {}", call.text, shown(name)),
           parameters.empty() ? "leave the parentheses empty"
                              : fmt::format("it takes ({})", fmt::join(parameters, ", ")));
    }
    given[place] = &argument;
  }
  for (std::size_t i = 0; i < required; ++i) {
    if (!given[i])
      fail(call, fmt::format("{}() needs {}", call.text, shown(parameters[i])),
           fmt::format("it takes ({})", fmt::join(parameters, ", ")));
  }
  return given;
}

bool query_binder::flag(const node* argument, bool otherwise) const {
  if (!argument || argument->kind == node_kind::none) return otherwise;
  if (argument->kind != node_kind::boolean) fail(*argument, "this must be True or False", "write True or False");
  return argument->value.value != 0;
}

const std::string& query_binder::constant_text(const node& argument) const {
  if (argument.kind != node_kind::text) fail(argument, "this must be a text", "write it in quotes");
  return argument.text;
}

void query_binder::fail_method(const node& method) const {
  if (text_accessor(method))
    fail(method, fmt::format("there is no text method {}", shown(method.text)),
         fmt::format("there are {}", text_methods));
  if (method.text == "astype")
    fail(method, "types are not converted", "a comparison decides: A == 1 takes numbers, A == '1' the text");
  const bool summary = method.text == "max" || method.text == "min" || method.text == "mean" || method.text == "sum" ||
                       method.text == "median";
  if (summary)
    fail(method, fmt::format("{}() needs the whole column, a query sees one row at a time", method.text),
         "compute it first and give it as a variable: @x");
  fail(method, fmt::format("there is no method {}", shown(method.text)),
       fmt::format("there are {} {}", methods, text_methods));
}

}  // namespace tequio::data
