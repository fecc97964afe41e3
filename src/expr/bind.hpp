// SPDX-License-Identifier: MIT
// Makes the plan of an expression: finds the columns of its names, and the type of each part.
#pragma once

#include "expr/plan.hpp"
#include "expr/schema.hpp"
#include "expr/tree.hpp"

namespace tequio::expr {

/// Binds a condition to the columns of a schema.
///
/// Errors:  expression_error: an unknown name (with the nearest ones), an expression that is not a condition, types
///          that do not compare.
[[nodiscard]] plan bind_condition(const tree& condition, const schema& columns);

/// Binds as if every name were a column of cells: finds the errors that no schema can cure.
///
/// Errors:  expression_error.
void check_condition(const tree& condition);

}  // namespace tequio::expr
