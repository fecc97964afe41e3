// SPDX-License-Identifier: MIT
// Expressions of random words: each must end in an answer or in an error.
#pragma once

#include <cstddef>
#include <iterator>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "support/files/text_input.hpp"
#include "tequio/data/filter.hpp"

namespace tequio::test {

/// Queries a small table by `count` expressions.
inline void try_random_expressions(unsigned seed, int count) {
  std::istringstream text(R"-(a n id ( ) [ ] , == != < >= and or not in & | ~ + - * / // % ** 1 0.5 'x' 'a `b` @v .str
    .isna() . True None inf nan sin .len( = ! # 0x1 1e400 é \ '\' index .between(0,1) .isin([0])
    .str.contains('a') f s b)-");
  std::vector<std::string> words(std::istream_iterator<std::string>(text), {});
  words.insert(words.end(), {"\n", "\xFF"});
  std::mt19937 random(seed);
  for (int round = 0; round < count; ++round) {
    std::string expression;
    for (std::size_t left = random() % 12; left > 0; --left)
      expression += words[random() % words.size()] + (random() % 3 ? " " : "");
    try {
      text_input table("id,n,f,s,b\n0,000,1.5,Tonalá,True\n1,1,,abc,False\n2,-2,-3,NA,True\n");
      static_cast<void>(data::filter_table(table, data::query(expression, {{"v", "1"}})));
    } catch (const error&) {
    }
  }
}

}  // namespace tequio::test
