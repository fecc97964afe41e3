// SPDX-License-Identifier: MIT
// A source that a job could not use, and why; the job's other sources have their results.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tequio/outcome.hpp"

namespace tequio::jobs {

/// The verdict of one source without a result.
struct source_failure {
  std::string label{};  ///< the source as the user wrote it
  failure reason{};

  /// One line that names the source, the problem and the cure, a hint in the words given.
  [[nodiscard]] std::string message(hint_words words = library_words) const;
};

/// Hands the value of each item to `use` and appends the failure of each other item to `failures`, in item order.
///
/// @param outcomes of try_map over `items`.
/// @param label_of gives the label of an item: a member of it, or a callable.
template <class Value, class Items, class Label, class Use>
void split(std::vector<outcome<Value>> outcomes, const Items& items, Label label_of,
           std::vector<source_failure>& failures, Use use) {
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i])
      use(std::move(*outcomes[i]));
    else
      failures.push_back({std::invoke(label_of, items[i]), outcomes[i].failure()});
  }
}

}  // namespace tequio::jobs
