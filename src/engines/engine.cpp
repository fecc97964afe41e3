// SPDX-License-Identifier: MIT
#include "tequio/engine.hpp"

#include <fmt/core.h>

#include <array>

namespace tequio {

any_engine any_engine::named(std::string_view name, std::size_t workers) {
  if (name == "serial") return any_engine(serial());
  if (name == "threads") return any_engine(threads(workers));
  if (name == "processes") return any_engine(processes(workers));
  throw error({.object = fmt::format("engine '{}'", name),
               .problem = "there is none of that name",
               .cure = "take serial, threads or processes"});
}

std::string_view any_engine::name() const noexcept {
  static constexpr std::array<std::string_view, 3> names{"serial", "threads", "processes"};
  return names[m_engine.index()];
}

}  // namespace tequio
