// SPDX-License-Identifier: MIT
// The functions and methods that an expression calls, and how their arguments are read.
#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <memory>

#include "base/utf8.hpp"
#include "expr/binder.hpp"
#include "expr/wording.hpp"

namespace tequio::expr {
namespace {

constexpr std::string_view methods = ".isna() .notna() .isnull() .notnull() .isin([...]) .between(a, b)";
constexpr std::string_view text_methods =
    ".str.len() .lower() .upper() .strip() .startswith() .endswith() .contains() .match() .fullmatch() .isnumeric()";

std::u32string code_points(std::string_view text) {
  std::u32string result;
  while (!text.empty()) result.push_back(utf8::take(text));
  return result;
}

std::shared_ptr<const re2::RE2> compile(const std::string& pattern, bool ignore_case, bool literal) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_case_sensitive(!ignore_case);
  options.set_literal(literal);
  return std::make_shared<const re2::RE2>(pattern, options);
}

}  // namespace

// The node `X.str` of `X.str.method()`.
const node* binder::text_accessor(const node& method) const {
  const node& object = at(method.operands[0]);
  return object.kind == node_kind::attribute && object.text == "str" ? &object : nullptr;
}

truth_id binder::truth_method(const node& method) {
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

truth_id binder::missing(node_id subject, bool negated) {
  switch (type_of(subject)) {
    case value_type::number:
      return negated_if(negated, add(number_missing{number_of(subject)}));
    case value_type::cell:
    case value_type::text:
      return negated_if(negated, add(text_missing{text_of(subject)}));
    case value_type::truth:
    case value_type::none:
    case value_type::list:
      break;
  }
  fail(at(subject), "only a column or a value can be missing", "write COLUMN.isna()");
}

truth_id binder::between(const node& method) {
  const std::vector<const node*> given = arguments(method, {"left", "right", "inclusive"}, 2);
  const std::string inclusive = given[2] ? constant_text(*given[2]) : "both";
  if (inclusive != "both" && inclusive != "neither" && inclusive != "left" && inclusive != "right") {
    fail(*given[2], fmt::format("inclusive cannot be {}", shown(inclusive)),
         "it is 'both', 'neither', 'left' or 'right'");
  }
  const bool left = inclusive == "both" || inclusive == "left";
  const bool right = inclusive == "both" || inclusive == "right";
  const truth_id low =
      compare(left ? relation::greater_equal : relation::greater, method.operands[0], id_of(given[0]), method);
  const truth_id high =
      compare(right ? relation::less_equal : relation::less, method.operands[0], id_of(given[1]), method);
  return add(all_of{{low, high}});
}

truth_id binder::text_predicate(const node& method, node_id subject) {
  const std::string& name = method.text;
  const text_id text = text_of(subject);
  if (name == "isnumeric") {
    static_cast<void>(arguments(method, {}, 0));
    return add(text_numeric{text});
  }
  if (name == "startswith" || name == "endswith") return affix(method, text);
  if (name == "contains" || name == "match" || name == "fullmatch") return match(method, text);
  fail_method(method);
}

truth_id binder::affix(const node& method, text_id subject) {
  const std::vector<const node*> given = arguments(method, {"pat", "na"}, 1);
  text_affix made{.where = method.text == "startswith" ? text_end::start : text_end::end,
                  .subject = subject,
                  .if_missing = flag(given[1], false)};
  if (given[0]->kind == node_kind::list) {
    value_list list = constants(*given[0]);
    if (!list.numbers.empty() || list.missing) fail(*given[0], "the list must hold texts", "put its values in quotes");
    made.affixes = std::move(list.texts);
  } else {
    made.affixes = {constant_text(*given[0])};
  }
  return add(std::move(made));
}

truth_id binder::match(const node& method, text_id subject) {
  const bool contains = method.text == "contains";
  const std::vector<const node*> given = contains ? arguments(method, {"pat", "case", "flags", "na", "regex"}, 1)
                                                  : arguments(method, {"pat", "case", "flags", "na"}, 1);
  if (given[2]) fail(*given[2], "flags are not supported", "use case=False, or (?i) and its like in the expression");
  const bool literal = contains && !flag(given[4], true);
  text_match made{.subject = subject, .if_missing = flag(given[3], false)};
  made.anchored = contains ? anchor::none : method.text == "match" ? anchor::begin : anchor::both;
  made.pattern = compile(constant_text(*given[0]), !flag(given[1], true), literal);
  if (!made.pattern->ok()) {
    fail(*given[0], fmt::format("the regular expression is wrong: {}", made.pattern->error()),
         contains ? "correct it, or take it literally: regex=False" : "correct it");
  }
  return add(std::move(made));
}

text_id binder::text_method(const node& method) {
  const text_id text = text_of(text_accessor(method)->operands[0]);
  if (method.text == "strip") {
    const node* characters = arguments(method, {"to_strip"}, 0)[0];
    return add(stripped{text, characters ? code_points(constant_text(*characters)) : U""});
  }
  static_cast<void>(arguments(method, {}, 0));
  return add(changed_case{method.text == "lower" ? letter_case::lower : letter_case::upper, text});
}

number_id binder::number_call(const node& call) {
  if (const auto function = find_binary_function(call.text)) {
    const std::vector<const node*> given = arguments(call, {"y", "x"}, 2);
    const number_id first = number_of(id_of(given[0]));
    return add(binary_call{*function, first, number_of(id_of(given[1]))});
  }
  const auto function = find_unary_function(call.text);
  if (!function) {
    const std::vector<std::string> known = function_names();
    const std::vector<std::string> near = nearest_names(call.text, known);
    fail(call, fmt::format("there is no function {}", shown(call.text)),
         fmt::format("{} are there", fmt::join(near.empty() ? known : near, ", ")));
  }
  return add(unary_call{*function, number_of(id_of(arguments(call, {"x"}, 1)[0]))});
}

// The arguments in the order of the parameters, null where one is not given.
std::vector<const node*> binder::arguments(const node& call, std::vector<std::string_view> parameters,
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

bool binder::flag(const node* argument, bool otherwise) const {
  if (!argument || argument->kind == node_kind::none) return otherwise;
  if (argument->kind != node_kind::boolean) fail(*argument, "this must be True or False", "write True or False");
  return argument->value.value != 0;
}

const std::string& binder::constant_text(const node& argument) const {
  if (argument.kind != node_kind::text) fail(argument, "this must be a text", "write it in quotes");
  return argument.text;
}

void binder::fail_method(const node& method) const {
  if (text_accessor(method))
    fail(method, fmt::format("there is no text method {}", shown(method.text)),
         fmt::format("there are {}", text_methods));
  if (method.text == "astype")
    fail(method, "types are not converted", "a comparison decides: A == 1 takes numbers, A == '1' the text");
  const bool summary = method.text == "max" || method.text == "min" || method.text == "mean" || method.text == "sum" ||
                       method.text == "median";
  if (summary)
    fail(method, fmt::format("{}() needs the whole column, and an expression sees one row at a time", method.text),
         "compute it first and give it as a variable: @x");
  fail(method, fmt::format("there is no method {}", shown(method.text)),
       fmt::format("there are {} {}", methods, text_methods));
}

}  // namespace tequio::expr
