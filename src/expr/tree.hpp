// SPDX-License-Identifier: MIT
// An expression as it was written, parsed but not yet bound to columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "expr/number.hpp"
#include "expr/operation.hpp"
#include "tequio/expr/expression.hpp"

namespace tequio::expr {

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
  arithmetic,  // by operation
  compare,     // by how
  membership,  // in; not in, where negated
  call,        // text(arguments)
  attribute,   // operand.text
  method,      // operand.text(arguments): the first operand is the object
};

struct node {
  node_kind kind = node_kind::none;
  std::size_t position = 0;  // byte in the expression
  std::string text{};
  number value{};
  relation how = relation::equal;
  arithmetic operation = arithmetic::add;
  bool negated = false;
  std::vector<node_id> operands{};
  std::vector<std::string> argument_names{};  // of a method or call, one per argument, empty without a name
  std::size_t depth = 1;
};

struct tree {
  std::string text{};
  variables values{};
  std::string noun{};  // for messages
  std::vector<node> nodes{};
  node_id root = 0;
};

/// Deeper nesting is an error, so that no expression can exhaust the stack.
inline constexpr std::size_t nesting_limit = 200;
inline constexpr std::size_t depth_limit = 1000;

/// Parses an expression.
///
/// @param noun names the expression in messages.
/// Errors:  expression_error.
[[nodiscard]] tree parse(std::string_view text, const variables& values, std::string_view noun);

}  // namespace tequio::expr
