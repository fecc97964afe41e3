// SPDX-License-Identifier: MIT
#include "hint_words.hpp"

#include <fmt/format.h>

namespace tequio::cli {

std::string option_words(const hint& given) {
  switch (given.kind) {
    case hint_kind::none:
      return {};
    case hint_kind::choose_member:
      return "choose one with --member GLOB";
    case hint_kind::narrow_member:
      return "name one with --member";
    case hint_kind::delimiter:
      return given.value == "\t" ? "if it is separated by tabs: --delimiter tab"
                                 : fmt::format("if it is separated by '{0}': --delimiter '{0}'", given.value);
    case hint_kind::variable:
      return fmt::format("give it a value: --var {}=...", given.value);
    case hint_kind::missing:
      return fmt::format("if it stands for a missing value: --na {}; or --lenient", given.value);
    case hint_kind::missing_or_text:
      return fmt::format("if it stands for a missing value: --na {0}; to compare the text: ... == {0}; or --lenient",
                         given.value);
    case hint_kind::lenient:
      return "or --lenient";
    case hint_kind::lenient_as_written:
      return "or --lenient to compare it as it is written";
  }
  return {};
}

}  // namespace tequio::cli
