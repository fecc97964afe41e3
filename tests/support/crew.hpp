// SPDX-License-Identifier: MIT
// Several workers that run one body, as processes or as threads: what the conformance of shared things is tested with.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "support/signal_storm.hpp"
#include "tequio/process.hpp"
#include "tequio/thread.hpp"

namespace tequio::test {

enum class worker_kind { threads, processes };

/// Whether the workers and their caller are interrupted by a signal every millisecond.
enum class weather { calm, storm };

/// A number of workers of one kind.
class crew {
 public:
  crew(worker_kind kind, std::size_t size, weather signals) : m_kind(kind), m_size(size), m_signals(signals) {}

  [[nodiscard]] std::size_t size() const noexcept { return m_size; }

  /// Runs `body(index)` in every worker, and `meanwhile()` in the caller while they live; what each returned, by index.
  template <class Body, class Meanwhile>
  auto run(const Body& body, const Meanwhile& meanwhile) const {
    using result = decltype(body(std::size_t{}));
    return m_kind == worker_kind::threads ? run_as<thread<result>>(body, meanwhile)
                                          : run_as<process<result>>(body, meanwhile);
  }
  template <class Body>
  auto run(const Body& body) const {
    return run(body, [] {});
  }

 private:
  template <class Worker, class Body, class Meanwhile>
  auto run_as(const Body& body, const Meanwhile& meanwhile) const {
    const auto storm = interrupted();
    std::vector<Worker> workers;
    for (std::size_t index = 0; index < m_size; ++index)
      workers.emplace_back([&, index] {
        const auto own_storm = interrupted();
        return body(index);
      });
    meanwhile();
    std::vector<decltype(body(std::size_t{}))> results;
    for (Worker& worker : workers) results.push_back(worker.get());
    return results;
  }

  [[nodiscard]] std::unique_ptr<signal_storm> interrupted() const {
    return m_signals == weather::storm ? std::make_unique<signal_storm>() : nullptr;
  }

  worker_kind m_kind;
  std::size_t m_size;
  weather m_signals;
};

}  // namespace tequio::test
