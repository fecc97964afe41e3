// SPDX-License-Identifier: MIT
// What does an engine cost per item, per call and per process, and in the sum of one big array? Beside oneTBB and bare
// system calls.
// Alternatives take turns (A B A B …), each result is verified, and the ratio of the medians is printed.
#include <oneapi/tbb.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "support/interleave.hpp"
#include "tequio/engine.hpp"

namespace {

using tequio::bench::alternative;
using tequio::bench::compare;

constexpr std::size_t workers = 2;

// The cheapest item there is: its own number.
struct identity {
  std::uint32_t operator()(std::uint32_t item) const { return item; }
};

std::vector<std::uint32_t> items(std::size_t count) {
  std::vector<std::uint32_t> all(count);
  std::iota(all.begin(), all.end(), 0U);
  return all;
}

template <class Engine>
alternative mapping(const char* name, Engine& crew, const std::vector<std::uint32_t>& input, std::size_t chunk) {
  return {name, [&crew, &input, chunk] { return crew.map(input, {.chunk = chunk}, identity{}) == input; }};
}

alternative tbb_mapping(const char* name, const std::vector<std::uint32_t>& input, std::size_t grain) {
  return {name, [&input, grain] {
            std::vector<std::uint32_t> output(input.size());
            const auto body = [&](const tbb::blocked_range<std::size_t>& range) {
              for (std::size_t i = range.begin(); i != range.end(); ++i) output[i] = identity{}(input[i]);
            };
            if (grain != 0)
              tbb::parallel_for(tbb::blocked_range<std::size_t>(0, input.size(), grain), body,
                                tbb::simple_partitioner());
            else
              tbb::parallel_for(tbb::blocked_range<std::size_t>(0, input.size()), body);
            return output == input;
          }};
}

// One shared counter, two forked processes, an array of results: the limit for an item at chunk 1.
alternative bare_counter(const std::vector<std::uint32_t>& input) {
  return {"impl:bare_fork_and_counter", [&input] {
            const auto memory = tequio::detail::arena::here().reserve(sizeof(std::uint64_t) * 8 + input.size() * 4);
            memory.commit(0, memory.size());
            auto& cursor = *new (memory.data()) std::atomic<std::uint64_t>(0);
            auto* output = reinterpret_cast<std::uint32_t*>(memory.data() + 64);
            for (std::size_t worker = 0; worker < workers; ++worker) {
              if (::fork() != 0) continue;
              for (std::uint64_t i = 0; (i = cursor.fetch_add(1, std::memory_order_relaxed)) < input.size();)
                output[i] = identity{}(input[i]);
              ::_exit(0);
            }
            for (std::size_t worker = 0; worker < workers; ++worker) ::wait(nullptr);
            return std::equal(input.begin(), input.end(), output);
          }};
}

void item_overhead() {
  tequio::processes processes(workers);
  const auto few = items(2'000'000);
  const auto many = items(50'000'000);
  const std::size_t single = 1;
  // processes are measured first, because the threads of the other two forbid a fork
  compare("op:map_item/chunk:1/workers:2", few.size(),
          {bare_counter(few), mapping("impl:tequio_processes", processes, few, single)});
  compare("op:map_item/chunk:default/workers:2", many.size(), {mapping("impl:tequio_processes", processes, many, 0)});
  compare("op:empty_call/workers:2", 1,
          {{"impl:bare_fork_and_wait_2",
            [] {
              for (std::size_t i = 0; i < workers; ++i)
                if (::fork() == 0) ::_exit(0);
              for (std::size_t i = 0; i < workers; ++i) ::wait(nullptr);
              return true;
            }},
           {"impl:tequio_processes", [&] {
              return processes.map(std::vector{1, 2}, [](int n) { return n; }).size() == 2;
            }}});
}

void shared_sum() {
  std::vector<double> numbers(10'000'000);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<double>(i % 1000);
  const double expected = 499.5 * 1e7;
  tequio::processes processes(workers);
  compare("op:sum_1e7_doubles/workers:2", 1,
          {{"impl:std_accumulate", [&] { return std::accumulate(numbers.begin(), numbers.end(), 0.0) == expected; }},
           {"impl:tequio_processes", [&] { return processes.reduce(numbers, 0.0, std::plus<>{}) == expected; }}});
  tequio::threads threads(workers);
  compare("op:sum_1e7_doubles/workers:2", 1,
          {{"impl:tbb_parallel_reduce",
            [&] {
              return tbb::parallel_reduce(
                         tbb::blocked_range<const double*>(numbers.data(), numbers.data() + numbers.size()), 0.0,
                         [](const auto& range, double sum) { return std::accumulate(range.begin(), range.end(), sum); },
                         std::plus<>{}) == expected;
            }},
           {"impl:tequio_threads", [&] { return threads.reduce(numbers, 0.0, std::plus<>{}) == expected; }}});
}

void thread_items() {
  tequio::threads threads(workers);
  const auto few = items(2'000'000);
  const auto many = items(50'000'000);
  compare("op:map_item/chunk:1/workers:2", few.size(),
          {tbb_mapping("impl:tbb_grain_1", few, 1), mapping("impl:tequio_threads", threads, few, 1)});
  compare("op:map_item/chunk:default/workers:2", many.size(),
          {tbb_mapping("impl:tbb_auto", many, 0), mapping("impl:tequio_threads", threads, many, 0)});
}

}  // namespace

int main() {
  item_overhead();
  shared_sum();
  thread_items();
}
