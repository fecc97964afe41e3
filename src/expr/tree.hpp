// SPDX-License-Identifier: MIT
// An expression as it was written, parsed but not yet bound to the columns of a table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "expr/number.hpp"
#include "tequio/data/query.hpp"

namespace tequio::data {

using node_id = std::uint32_t;

enum class node_kind {
  name,
  number,
  text,
  boolean,  // value is 0 or 1
  none,
  list,
  all,     // and
  any,     // or
  negate,  // not, ~
  minus,
  plus,
  arithmetic,  // text is the operator
  compare,     // text is the operator
  membership,  // text is "in" or "not in"
  call,        // text(arguments)
  attribute,   // operand.text
  method,      // operand.text(arguments): the first operand is the object
};

struct node {
  node_kind kind = node_kind::none;
  std::size_t position = 0;  // byte in the expression
  std::string text{};
  number value{};
  std::vector<node_id> operands{};
  std::vector<std::string> argument_names{};  // of a method or call, parallel to its arguments; empty where not named
  std::size_t depth = 1;
};

struct query_tree {
  std::string expression{};
  std::vector<node> nodes{};
  node_id root = 0;
};

/// Nesting beyond this is an error, so that no expression can exhaust the stack.
inline constexpr std::size_t nesting_limit = 200;
inline constexpr std::size_t depth_limit = 1000;

/// Errors:  query_error.
[[nodiscard]] query_tree parse_query(std::string_view expression, const query_variables& variables);

/// Names most like `wanted`, best first, at most three; none that is too far.
[[nodiscard]] std::vector<std::string> nearest_names(std::string_view wanted, const std::vector<std::string>& names);

/// `'text'`, shortened and with control characters made visible.
[[nodiscard]] std::string shown(std::string_view text);

}  // namespace tequio::data
