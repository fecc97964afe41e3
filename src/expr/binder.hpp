// SPDX-License-Identifier: MIT
// How a tree becomes a plan: what type each node has, and one function for each type a step may yield.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "expr/plan.hpp"

namespace tequio::data {

/// Type of a node before any field was read; `field` is a bare column, which may hold anything.
enum class value_type { field, number, text, truth, none, list };

class query_binder {
 public:
  /// @param columns of the table, or null: then every name is a column.
  query_binder(const query_tree& tree, const std::vector<std::string>* columns, std::string source);

  query_plan run();

 private:
  enum class named { column, index, infinity, nan, nothing };

  step_id truth(node_id id);
  step_id number_of(node_id id);
  step_id text_of(node_id id);
  value_type type_of(node_id id) const;

  step_id compare(const node& at);
  step_id compare(relation how, node_id left, node_id right, const node& at);
  step_id membership(node_id subject, node_id list, bool negated);
  value_list constants(const node& list) const;
  step_id truth_method(const node& at);
  step_id between(const node& at);
  step_id missing(node_id subject, bool negated);
  step_id text_predicate(const node& at, node_id subject);
  step_id number_call(const node& at);
  step_id text_method(const node& at);

  const node* text_accessor(const node& method) const;
  std::vector<const node*> arguments(const node& call, std::vector<std::string_view> parameters,
                                     std::size_t required) const;
  bool flag(const node* argument, bool otherwise) const;
  const std::string& constant_text(const node& argument) const;

  static named predefined(std::string_view name);
  bool is_unknown(const std::string& name) const;
  named resolve(const node& name) const;
  std::optional<number> constant(const node& n) const;
  std::uint32_t column_of(const node& name) const;
  step_id column_step(step_kind kind, const node& name);
  step_id add(step made);
  step_id negated_if(bool negated, step_id condition);
  const node& at(node_id id) const { return m_tree.nodes[id]; }
  node_id id_of(const node* part) const { return static_cast<node_id>(part - m_tree.nodes.data()); }
  [[noreturn]] void fail(const node& where, std::string problem, std::string cure, hint remedy = {}) const;
  [[noreturn]] void fail_sum(const node& sum) const;
  [[noreturn]] void fail_unknown(const node& name, const std::string& other_meaning) const;
  [[noreturn]] void fail_method(const node& method) const;

  const query_tree& m_tree;
  const std::vector<std::string>* m_columns;
  std::unordered_map<std::string_view, std::uint32_t> m_column_of;
  std::string m_source;
  query_plan m_plan;
  bool m_reads_the_table = false;
};

}  // namespace tequio::data
