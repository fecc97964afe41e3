// SPDX-License-Identifier: MIT
// Calls of an engine whose workers have neither the callable nor the items: what cannot be sent to them is refused.
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "tequio/detail/engines/engine_core.hpp"
#include "tequio/map_calls.hpp"

struct far_engine : tequio::map_calls<far_engine> {
  static constexpr tequio::detail::engine_kind kind{.results = tequio::detail::result_memory::callers,
                                                    .work = tequio::detail::work_transport::sent};
  static std::string_view name() { return "far"; }
  static std::size_t workers() { return 1; }
  template <class Value>
  static tequio::detail::local_store<Value> make_store(std::size_t count) {
    return tequio::detail::local_store<Value>(count);
  }
  template <class Value>
  static tequio::detail::local_cells<Value> make_cells(std::size_t count) {
    return tequio::detail::local_cells<Value>(count);
  }
  static void run(tequio::detail::local_items& items, const tequio::detail::call_task& task,
                  const tequio::map_options& options);
  static std::unique_ptr<tequio::detail::stream_runner> make_runner(tequio::detail::local_cells_base& cells,
                                                                    const tequio::detail::call_task& task,
                                                                    const tequio::map_options& options);
  static std::unique_ptr<tequio::detail::started_call> start_call(std::unique_ptr<tequio::detail::submitted_call> call);
};

class closed {
 public:
  explicit closed(int* place) : m_place(place) {}

 private:
  int* m_place;
};
class sealed : public closed {
 public:
  using closed::closed;
};
int number_of(const closed& /*item*/) { return 1; }

void calls(far_engine& crew, const std::vector<int>& numbers, const std::vector<closed>& items, int factor) {
  // says: tequio: the callable cannot be sent to this engine's workers; give a function, a lambda without captures
  auto products = crew.map(numbers, [factor](int number) { return factor * number; });
  // says: tequio: items of this type cannot be sent to this engine's workers
  auto ones = crew.map(items, number_of);
}

void streams(far_engine& crew, const std::vector<int>& numbers, double& sum) {
  // says: tequio: the callable cannot be sent to this engine's workers
  for (const double each : crew.stream(numbers, [&sum](int number) { return sum += number; })) static_cast<void>(each);
}

void submits(far_engine& crew, int& seen, int* place) {
  // says: tequio: the callable cannot be sent to this engine's workers
  auto first = crew.submit([&seen] { return ++seen; });
  // says: tequio: items of this type cannot be sent to this engine's workers
  auto second = crew.submit(number_of, sealed(place));
}
