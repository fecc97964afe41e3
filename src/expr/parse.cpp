// SPDX-License-Identifier: MIT
// Recursive descent over the tokens of an expression, one function per rule of the grammar, weakest binding first:
// or, and, not, comparison, sum, term, factor, power, postfix, atom.
#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "expr/token.hpp"
#include "expr/tree.hpp"
#include "expr/wording.hpp"

namespace tequio::expr {
namespace {

constexpr std::string_view reserved[] = {"and",  "or",  "not",    "in",   "is",    "if",
                                         "else", "for", "lambda", "True", "False", "None"};

struct comparison_sign {
  std::string_view text;
  relation how;
};

constexpr comparison_sign comparisons[] = {{"==", relation::equal},      {"!=", relation::unequal},
                                           {"<=", relation::less_equal}, {">=", relation::greater_equal},
                                           {"<", relation::less},        {">", relation::greater}};

struct arithmetic_sign {
  std::string_view text;
  arithmetic operation;
};

constexpr arithmetic_sign sums[] = {{"+", arithmetic::add}, {"-", arithmetic::subtract}};
constexpr arithmetic_sign products[] = {{"*", arithmetic::multiply},
                                        {"/", arithmetic::divide},
                                        {"//", arithmetic::floor_divide},
                                        {"%", arithmetic::modulo}};

bool is_reserved(std::string_view word) {
  return std::find(std::begin(reserved), std::end(reserved), word) != std::end(reserved);
}

class parser {
 public:
  // Appends the nodes of `expression` to `made`; it is the text of `made`, or of one of its variables.
  parser(std::string_view expression, tree& made) : m_tree(made), m_tokens(tokens_of(expression, made.noun)) {}

  node_id whole() {
    if (here().kind == token_kind::end)
      fail(here(), "the expression is empty", "write a condition, such as COLUMN == 0");
    const node_id root = disjunction();
    if (here().kind != token_kind::end) fail_leftover();
    return root;
  }

  // Reads the text of a variable: a number, text, True, False, None or a list of those; false if it is something else.
  bool literal(node_id& result, std::size_t position) {
    m_fixed_position = position;
    m_literals_only = true;
    result = factor();
    return here().kind == token_kind::end;
  }

 private:
  const token& here() const noexcept { return m_tokens[m_at]; }
  const token& ahead() const noexcept { return m_tokens[std::min(m_at + 1, m_tokens.size() - 1)]; }
  bool is(const token& at, std::string_view text) const noexcept {
    return (at.kind == token_kind::symbol || at.kind == token_kind::name) && at.text == text;
  }
  bool is(std::string_view text) const noexcept { return is(here(), text); }
  bool take(std::string_view text) noexcept {
    if (!is(text)) return false;
    ++m_at;
    return true;
  }

  [[noreturn]] void fail(const token& at, std::string problem, std::string cure) const {
    fail(at, {.problem = std::move(problem), .cure = std::move(cure)});
  }

  [[noreturn]] void fail(const token& at, error_parts parts) const {
    parts.object = m_tree.noun;
    throw expression_error(std::move(parts), m_tree.text, at.position);
  }

  void expect(std::string_view text, const token& opened) {
    if (take(text)) return;
    if (is("=")) fail_leftover();
    if (here().kind == token_kind::end)
      fail(opened, fmt::format("'{}' is never closed", opened.text), fmt::format("close it with {}", text));
    fail(here(), fmt::format("expected {} before {}", text, shown(here().text)),
         "conditions are joined with and, or; list items with commas");
  }

  node_id add(node made) {
    for (const node_id operand : made.operands) made.depth = std::max(made.depth, m_tree.nodes[operand].depth + 1);
    if (m_fixed_position != no_position) made.position = m_fixed_position;
    if (made.depth > depth_limit) {
      throw expression_error({.object = m_tree.noun,
                              .problem = "the expression is too long a chain",
                              .cure = "use a list: COLUMN in [1, 2, 3]"},
                             m_tree.text, made.position);
    }
    m_tree.nodes.push_back(std::move(made));
    return static_cast<node_id>(m_tree.nodes.size() - 1);
  }

  // Counts how deep rules are nested.
  class nested {
   public:
    explicit nested(parser& owner) : m_owner(owner) {
      if (++m_owner.m_nesting > nesting_limit) {
        m_owner.fail(m_owner.here(), fmt::format("nested more than {} deep", nesting_limit),
                     "write a simpler expression");
      }
    }
    ~nested() { --m_owner.m_nesting; }
    nested(const nested&) = delete;
    nested& operator=(const nested&) = delete;

   private:
    parser& m_owner;
  };

  node_id disjunction() {
    const nested guard(*this);
    return joined(node_kind::any, "or", "|", &parser::conjunction);
  }
  node_id conjunction() { return joined(node_kind::all, "and", "&", &parser::negation); }

  node_id joined(node_kind kind, std::string_view word, std::string_view symbol, node_id (parser::*rule)()) {
    node made{.kind = kind, .position = here().position};
    made.operands.push_back((this->*rule)());
    while (is(word) || is(symbol)) {
      ++m_at;
      made.operands.push_back((this->*rule)());
    }
    return made.operands.size() == 1 ? made.operands.front() : add(std::move(made));
  }

  node_id negation() {
    const nested guard(*this);
    const std::size_t position = here().position;
    if (!take("not")) return comparison();
    return add({.kind = node_kind::negate, .position = position, .text = "not", .operands = {negation()}});
  }

  // The entry of a table whose sign is the current token, or null.
  template <class Signs>
  auto sign_of(const Signs& signs) const noexcept -> decltype(&*std::begin(signs)) {
    if (here().kind != token_kind::symbol) return nullptr;
    const auto found =
        std::find_if(std::begin(signs), std::end(signs), [&](const auto& sign) { return sign.text == here().text; });
    return found == std::end(signs) ? nullptr : &*found;
  }

  bool at_membership() const noexcept { return is("in") || (is("not") && is(ahead(), "in")); }

  node_id comparison() {
    const node_id first = sum();
    node chain{.kind = node_kind::all, .position = m_tree.nodes[first].position};
    for (node_id left = first;;) {
      node made{.kind = node_kind::compare, .position = here().position};
      if (const comparison_sign* sign = sign_of(comparisons)) {
        made.how = sign->how;
      } else if (at_membership()) {
        made.kind = node_kind::membership;
        made.negated = take("not");
      } else {
        break;
      }
      ++m_at;
      const node_id right = sum();
      made.operands = {left, right};
      chain.operands.push_back(add(std::move(made)));
      left = right;
    }
    if (chain.operands.empty()) return first;
    return chain.operands.size() == 1 ? chain.operands.front() : add(std::move(chain));
  }

  node_id sum() { return chained(sums, &parser::term); }
  node_id term() { return chained(products, &parser::factor); }

  node_id chained(std::span<const arithmetic_sign> signs, node_id (parser::*rule)()) {
    node_id left = (this->*rule)();
    while (const arithmetic_sign* sign = sign_of(signs)) {
      const std::size_t position = m_tokens[m_at++].position;
      const node_id right = (this->*rule)();
      left = add({.kind = node_kind::arithmetic,
                  .position = position,
                  .operation = sign->operation,
                  .operands = {left, right}});
    }
    return left;
  }

  node_id factor() {
    const nested guard(*this);
    const token& sign = here();
    if (take("-")) return add({.kind = node_kind::minus, .position = sign.position, .operands = {factor()}});
    if (take("+")) return add({.kind = node_kind::plus, .position = sign.position, .operands = {factor()}});
    if (take("~"))
      return add({.kind = node_kind::negate, .position = sign.position, .text = "~", .operands = {factor()}});
    return power();
  }

  node_id power() {
    const node_id base = postfix();
    const token& sign = here();
    if (!take("**")) return base;
    return add({.kind = node_kind::arithmetic,
                .position = sign.position,
                .operation = arithmetic::power,
                .operands = {base, factor()}});
  }

  node_id postfix() {
    node_id made = atom();
    for (;;) {
      const token& sign = here();
      if (is("[")) fail(sign, "items cannot be picked with [ ]", "compare whole columns; a list goes after in or ==");
      if (is("(")) fail(sign, "this cannot be called", "join conditions with and, or");
      if (!take(".")) return made;
      const token& name = here();
      if (name.kind != token_kind::name)
        fail(name, "expected a method's name after '.'", "a column whose name has a dot goes in backticks");
      ++m_at;
      node next{.kind = node_kind::attribute, .position = name.position, .text = name.text, .operands = {made}};
      if (is("(")) {
        next.kind = node_kind::method;
        arguments(next);
      }
      made = add(std::move(next));
    }
  }

  void arguments(node& call) {
    const token& opened = m_tokens[m_at++];
    while (!is(")")) {
      std::string name;
      if (here().kind == token_kind::name && is(ahead(), "=")) {
        name = here().text;
        m_at += 2;
      }
      call.operands.push_back(disjunction());
      call.argument_names.push_back(std::move(name));
      if (!take(",")) break;
    }
    expect(")", opened);
  }

  node_id atom() {
    const token& at = here();
    if (at.kind == token_kind::number)
      return ++m_at, add({.kind = node_kind::number, .position = at.position, .text = at.text, .value = at.value});
    if (at.kind == token_kind::text) return text();
    if (is("(") || is("[")) return bracket();
    if (is("True") || is("False")) {
      ++m_at;
      return add({.kind = node_kind::boolean,
                  .position = at.position,
                  .text = at.text,
                  .value = number::integer(at.text == "True", false)});
    }
    if (take("None")) return add({.kind = node_kind::none, .position = at.position});
    if (m_literals_only) throw not_literal{};
    if (at.kind == token_kind::variable) return variable();
    if (at.kind == token_kind::quoted_name || (at.kind == token_kind::name && !is_reserved(at.text))) return name();
    fail_no_value();
  }

  node_id text() {
    node made{.kind = node_kind::text, .position = here().position};
    while (here().kind == token_kind::text) made.text += m_tokens[m_at++].text;
    return add(std::move(made));
  }

  node_id name() {
    const token& at = m_tokens[m_at++];
    node made{.kind = node_kind::name, .position = at.position, .text = at.text};
    if (is("(") && at.kind == token_kind::name) {
      made.kind = node_kind::call;
      arguments(made);
    }
    return add(std::move(made));
  }

  // A value in parentheses, or a list in either bracket.
  node_id bracket() {
    const token& opened = m_tokens[m_at++];
    const std::string_view closing = opened.text == "(" ? ")" : "]";
    node list{.kind = node_kind::list, .position = opened.position};
    bool comma = opened.text == "[";
    while (!is(closing)) {
      list.operands.push_back(disjunction());
      if (!take(",")) break;
      comma = true;
    }
    if (list.operands.empty() && !comma)
      fail(here(), "there is nothing in the parentheses", "write a value or a condition");
    expect(closing, opened);
    return comma ? add(std::move(list)) : list.operands.front();
  }

  node_id variable() {
    const token& at = m_tokens[m_at++];
    if (is("(")) fail(here(), "functions of the caller cannot be called", "give the value as a variable");
    const auto found = m_tree.values.find(at.text);
    if (found == m_tree.values.end()) fail_no_variable(at);
    const std::size_t before = m_tree.nodes.size();
    try {
      node_id result = 0;
      if (parser(found->second, m_tree).literal(result, at.position)) return result;
    } catch (const expression_error&) {  // then it is a text as it stands
    } catch (const not_literal&) {
    }
    m_tree.nodes.resize(before);
    return add({.kind = node_kind::text, .position = at.position, .text = found->second});
  }

  [[noreturn]] void fail_no_variable(const token& at) const {
    std::vector<std::string> known;
    for (const auto& [name, value] : m_tree.values) known.push_back(name);
    const std::vector<std::string> near = nearest_names(at.text, known);
    error_parts parts{.problem = fmt::format("no variable @{}", at.text)};
    if (near.empty())
      parts.hint = {hint_kind::variable, at.text};
    else
      parts.cure = fmt::format("did you mean @{}?", near.front());
    fail(at, std::move(parts));
  }

  [[noreturn]] void fail_no_value() const {
    const token& at = here();
    if (is("=")) fail(at, "'=' is not a comparison", "use == to compare");
    if (is("!")) fail(at, "'!' is not an operator", "use not");
    if (is("lambda") || is("if") || is("for"))
      fail(at, fmt::format("'{}' is not supported", at.text), "write conditions over columns, joined with and, or");
    if (is("not")) fail(at, "'not' cannot stand here", "put it in parentheses: (not ...)");
    if (at.kind == token_kind::end) fail(at, "the expression ends where a value should stand", "complete it");
    fail(at, fmt::format("expected a value before {}", shown(at.text)), "write a column, a number or a text in quotes");
  }

  [[noreturn]] void fail_leftover() const {
    const token& at = here();
    if (is("=")) fail(at, "'=' is not a comparison", "use == to compare");
    if (is("!")) fail(at, "'!' is not an operator", "use !=, or not");
    if (is("is")) fail(at, "'is' is not supported", "use ==; for missing values .isna() or .notna()");
    if (is("if") || is("else") || is("for"))
      fail(at, fmt::format("'{}' is not supported", at.text), "join conditions with and, or");
    if (is(")") || is("]")) fail(at, fmt::format("'{}' closes nothing", at.text), "remove it, or open it before");
    if (is(",")) fail(at, "a comma outside a list", "a list needs brackets: [1, 2]");
    if (is("AND") || is("OR") || is("And") || is("Or") || is("IN") || is("NOT"))
      fail(at, fmt::format("'{}' is not an operator", at.text), "use lower case: and, or, not, in");
    if (is("LIKE") || is("like"))
      fail(at, fmt::format("'{}' is not an operator", at.text), "use COLUMN.str.contains('...')");
    if (at.kind == token_kind::number && at.text.starts_with('.'))
      fail(at, fmt::format("{} does not belong here", shown(at.text)),
           "a column whose name has a dot goes in backticks: `A.1`");
    fail(at, fmt::format("{} does not belong here", shown(at.text)),
         "join conditions with and, or; a name with blanks goes in backticks");
  }

  struct not_literal {};
  static constexpr std::size_t no_position = static_cast<std::size_t>(-1);

  tree& m_tree;
  std::vector<token> m_tokens;
  std::size_t m_at = 0;
  std::size_t m_nesting = 0;
  std::size_t m_fixed_position = no_position;
  bool m_literals_only = false;
};

}  // namespace

tree parse(std::string_view text, const variables& values, std::string_view noun) {
  tree made{.text = std::string(text), .values = values, .noun = std::string(noun)};
  made.root = parser(made.text, made).whole();
  return made;
}

}  // namespace tequio::expr
