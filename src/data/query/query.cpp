// SPDX-License-Identifier: MIT
#include "tequio/data/query.hpp"

#include "expr/bind.hpp"

namespace tequio::data {

query::query(std::string_view expression, const query_variables& variables)
    : m_expression(expression, variables, "query") {
  expr::check_condition(m_expression.tree());
}

}  // namespace tequio::data
