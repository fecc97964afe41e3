// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <utility>

#include "tequio/error.hpp"

namespace tequio {
namespace {

constexpr const char* lenient = "or set filter_options::on_mismatch to no_match";

}  // namespace

std::string library_words(const hint& given) {
  switch (given.kind) {
    case hint_kind::none:
      return {};
    case hint_kind::choose_member:
      return "choose one with open_options::member";
    case hint_kind::narrow_member:
      return "name one with open_options::member";
    case hint_kind::delimiter:
      return given.value == "\t" ? "if it is separated by tabs, set csv_options::delimiter"
                                 : fmt::format("if it is separated by '{}', set csv_options::delimiter", given.value);
    case hint_kind::variable:
      return fmt::format("give {} a value in query_variables", given.value);
    case hint_kind::missing:
      return fmt::format("if it stands for a missing value, add {} to filter_options::missing; {}", given.value,
                         lenient);
    case hint_kind::missing_or_text:
      return fmt::format(
          "if it stands for a missing value, add {0} to filter_options::missing; to compare the text: ... == {0}; {1}",
          given.value, lenient);
    case hint_kind::lenient:
      return lenient;
    case hint_kind::lenient_as_written:
      return fmt::format("{} to compare it as it is written", lenient);
  }
  return {};
}

std::string reworded(std::string message, const hint& given, hint_words words) {
  const std::string own = library_words(given);
  if (own.empty() || !message.ends_with(own)) return message;
  message.resize(message.size() - own.size());
  return message += words(given);
}

}  // namespace tequio
