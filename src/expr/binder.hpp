// SPDX-License-Identifier: MIT
// Makes a plan of a tree: finds the type of each node, with one function per type that a step can have.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "expr/plan.hpp"
#include "expr/schema.hpp"
#include "expr/tree.hpp"

namespace tequio::expr {

/// Type of a node before any row is read; `cell` is a bare column of cells.
enum class value_type : std::uint8_t { cell, number, text, truth, none, list };

class binder {
 public:
  /// @param columns the columns of the names, or null: then every name is a column of cells.
  binder(const tree& expression, const schema* columns);

  plan condition();

 private:
  enum class named : std::uint8_t { column, index, infinity, nan, nothing };

  // bind.cpp: one function per type of step
  truth_id truth(node_id id);
  number_id number_of(node_id id);
  number_id number_named(const node& name);
  text_id text_of(node_id id);
  value_type type_of(node_id id) const;
  value_type type_of_method(const node& method) const;
  [[noreturn]] void fail_condition(node_id id) const;
  [[noreturn]] void fail_number(node_id id) const;
  [[noreturn]] void fail_sum(const node& sum) const;

  // bind_comparisons.cpp
  truth_id compare(relation how, node_id left, node_id right, const node& where);
  truth_id compare_with_list(relation how, node_id left, node_id right, const node& where);
  truth_id compare_texts(relation how, node_id left, node_id right, const node& where);
  truth_id compare_numbers(relation how, node_id left, node_id right);
  number_id compared_number(node_id id, node_id other);
  truth_id membership(node_id subject, node_id list, bool negated);
  void check_membership(node_id subject, node_id list, const value_list& values) const;
  value_list constants(const node& list) const;
  std::optional<number> constant(const node& n) const;

  // bind_names.cpp
  static named predefined(std::string_view name);
  bool is_unknown(const std::string& name) const;
  named resolve(const node& name) const;
  value_type type_of_name(const node& name) const;
  std::uint32_t read_column(const node& name);
  text_id checked_column(const node& name, const std::string& text);
  [[noreturn]] void fail_unknown(const node& name, const std::string& other_meaning) const;

  // bind_calls.cpp
  truth_id truth_method(const node& method);
  truth_id between(const node& method);
  truth_id missing(node_id subject, bool negated);
  truth_id text_predicate(const node& method, node_id subject);
  truth_id affix(const node& method, text_id subject);
  truth_id match(const node& method, text_id subject);
  number_id number_call(const node& call);
  text_id text_method(const node& method);
  const node* text_accessor(const node& method) const;
  std::vector<const node*> arguments(const node& call, std::vector<std::string_view> parameters,
                                     std::size_t required) const;
  bool flag(const node* argument, bool otherwise) const;
  const std::string& constant_text(const node& argument) const;
  [[noreturn]] void fail_method(const node& method) const;

  truth_id add(truth_step made);
  number_id add(number_step made);
  text_id add(text_step made);
  truth_id negated_if(bool negated, truth_id condition) { return negated ? add(negation{condition}) : condition; }
  const node& at(node_id id) const { return m_tree.nodes[id]; }
  node_id id_of(const node* part) const { return static_cast<node_id>(part - m_tree.nodes.data()); }
  [[noreturn]] void fail(const node& where, std::string problem, std::string cure, hint remedy = {}) const;

  const tree& m_tree;
  const schema* m_schema;
  std::unordered_map<std::string_view, std::uint32_t> m_column_of;
  plan m_plan;
  bool m_reads_the_table = false;
};

}  // namespace tequio::expr
