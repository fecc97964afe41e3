// SPDX-License-Identifier: MIT
// An engine without the types of its calls: any_engine holds one.
// An engine of another library can be chosen at run time where it derives from engine_core, or where it has the members
// that core_of needs (tequio/map_calls.hpp) and is given to any_engine as it is.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include "tequio/detail/engines/call_items.hpp"
#include "tequio/detail/engines/engine_kind.hpp"
#include "tequio/detail/engines/local_store.hpp"
#include "tequio/detail/engines/shared_store.hpp"
#include "tequio/detail/engines/stream_cells.hpp"
#include "tequio/detail/engines/stream_runner.hpp"
#include "tequio/detail/engines/submitted_call.hpp"
#include "tequio/detail/engines/work.hpp"
#include "tequio/map_options.hpp"

namespace tequio::detail {

class engine_core {
 public:
  engine_core() = default;
  engine_core(const engine_core&) = delete;
  engine_core& operator=(const engine_core&) = delete;
  virtual ~engine_core() = default;

  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
  [[nodiscard]] virtual std::size_t workers() const noexcept = 0;
  /// The same for the life of the engine, without `either`. Where work is sent, run() and make_runner() are given tasks
  /// with `shipping`, and start_call() is given calls whose task() can be written.
  [[nodiscard]] virtual engine_kind kind() const noexcept = 0;

  /// Runs the task over all items: local_items or shared_items, as kind().results says.
  virtual void run(call_items& items, const call_task& task, const map_options& options) = 0;
  /// The runner of a stream's items in `cells`: local_cells_base or shared_cells_base, as kind().results says.
  [[nodiscard]] virtual std::unique_ptr<stream_runner> make_runner(stream_cells& cells, const call_task& task,
                                                                   const map_options& options) = 0;
  [[nodiscard]] virtual std::unique_ptr<started_call> start_call(std::unique_ptr<submitted_call> call) = 0;
};

/// The core of an engine whose type is known where any_engine is made.
template <class Engine>
class core_of final : public engine_core {
  static constexpr bool is_local = Engine::kind.results == result_memory::callers;
  using items_type = std::conditional_t<is_local, local_items, shared_items>;
  using cells_type = std::conditional_t<is_local, local_cells_base, shared_cells_base>;

 public:
  explicit core_of(Engine engine) : m_engine(std::move(engine)) {}

  [[nodiscard]] std::string_view name() const noexcept override { return m_engine.name(); }
  [[nodiscard]] std::size_t workers() const noexcept override { return m_engine.workers(); }
  [[nodiscard]] engine_kind kind() const noexcept override { return Engine::kind; }

  void run(call_items& items, const call_task& task, const map_options& options) override {
    m_engine.run(static_cast<items_type&>(items), task, options);
  }
  [[nodiscard]] std::unique_ptr<stream_runner> make_runner(stream_cells& cells, const call_task& task,
                                                           const map_options& options) override {
    return m_engine.make_runner(static_cast<cells_type&>(cells), task, options);
  }
  [[nodiscard]] std::unique_ptr<started_call> start_call(std::unique_ptr<submitted_call> call) override {
    return m_engine.start_call(std::move(call));
  }

 private:
  Engine m_engine;
};

}  // namespace tequio::detail
