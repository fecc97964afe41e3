// SPDX-License-Identifier: MIT
#include "tequio/engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tequio {

any_engine::any_engine(std::unique_ptr<detail::engine_core> core) : m_core(std::move(core)) {
  if (!m_core) throw error({.object = "any_engine", .problem = "is given no engine", .cure = "make the engine before"});
}

any_engine any_engine::named(std::string_view name, std::size_t workers) { return core_engines().make(name, workers); }

void any_engine::run(detail::call_items& items, const detail::call_task& task, const map_options& options) {
  require_shippable(task.shipping != nullptr);
  m_core->run(items, task, options);
}

std::unique_ptr<detail::stream_runner> any_engine::make_runner(detail::stream_cells& cells,
                                                               const detail::call_task& task,
                                                               const map_options& options) {
  require_shippable(task.shipping != nullptr);
  return m_core->make_runner(cells, task, options);
}

std::unique_ptr<detail::started_call> any_engine::start_call(std::unique_ptr<detail::submitted_call> call) {
  require_shippable(call->task().write != nullptr);
  return m_core->start_call(std::move(call));
}

void any_engine::require_shippable(bool is_shippable) const {
  if (is_shippable || chosen_kind().work == detail::work_transport::in_place) return;
  throw error({.object = fmt::format("engine '{}'", name()),
               .problem = "the callable or what it is called with cannot be sent to its workers",
               .cure =
                   "give a function, a lambda without captures or tequio::bind_values(), and items or arguments that "
                   "can be serialised; or take an engine whose workers are threads or forked processes"});
}

void engine_registry::add(std::string name, factory make) {
  if (find(name) != nullptr)
    throw error({.object = fmt::format("engine '{}'", name),
                 .problem = "there is one of that name already",
                 .cure = "add it under another name"});
  m_engines.push_back({std::move(name), std::move(make)});
}

std::vector<std::string> engine_registry::names() const {
  std::vector<std::string> all;
  for (const entry& known : m_engines) all.push_back(known.name);
  return all;
}

any_engine engine_registry::make(std::string_view name, std::size_t workers) const {
  if (const entry* const known = find(name)) return known->make(workers);
  throw error({.object = fmt::format("engine '{}'", name),
               .problem = "there is none of that name",
               .cure = fmt::format("take one of {}", fmt::join(names(), ", "))});
}

const engine_registry::entry* engine_registry::find(std::string_view name) const noexcept {
  const auto found = std::ranges::find(m_engines, name, &entry::name);
  return found == m_engines.end() ? nullptr : &*found;
}

engine_registry core_engines() {
  engine_registry core;
  core.add("serial", [](std::size_t) { return any_engine(serial()); });
  core.add("threads", [](std::size_t workers) { return any_engine(threads(workers)); });
  core.add("processes", [](std::size_t workers) { return any_engine(processes(workers)); });
  return core;
}

}  // namespace tequio
