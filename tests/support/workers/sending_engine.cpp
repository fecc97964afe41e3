// SPDX-License-Identifier: MIT
#include "support/workers/sending_engine.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "tequio/detail/engines/shipped_work.hpp"
#include "tequio/detail/memory/arena.hpp"
#include "tequio/process.hpp"

namespace tequio::test {
namespace {

using bytes = std::vector<std::byte>;

bytes copied(const buffer_writer& out) { return {out.written().begin(), out.written().end()}; }

// The remote side: it has received bytes alone.
bytes run_far_away(const detail::code_place& maker, const bytes& callable, const bytes& item) {
  using maker_type = decltype(detail::work_shipping::make);
  reader callable_in(callable);
  const auto work = reinterpret_cast<maker_type>(detail::code_at(maker))(callable_in);
  reader in(item);
  buffer_writer out;
  work->run(in, out);
  return copied(out);
}

// The way of a call to the remote side.
class sent_work {
 public:
  sent_work(const detail::call_task& original, far_end where)
      : m_original(original),
        m_where(where),
        m_maker(detail::place_of(reinterpret_cast<detail::any_function>(original.shipping->make))) {
    buffer_writer out;
    original.shipping->write_callable(original.context, out);
    m_callable = copied(out);
  }

  [[nodiscard]] bytes written(std::uint64_t item, std::uint32_t cell) const {
    buffer_writer out;
    m_original.shipping->write_item(m_original.context, item, cell, out);
    return copied(out);
  }
  void run(const bytes& written, std::uint64_t item, detail::worker& self) const {
    const bytes answer = ask(written);
    reader in(answer);
    m_original.shipping->keep_result(m_original.context, self, item, in);
  }

 private:
  [[nodiscard]] bytes ask(const bytes& item) const {
    if (m_where == far_end::same_process) return run_far_away(m_maker, m_callable, item);
    const process<bytes> there(process_options{.start = start_method::spawn}, &run_far_away, m_maker, m_callable, item);
    return there.get();
  }

  const detail::call_task& m_original;
  far_end m_where;
  detail::code_place m_maker;
  bytes m_callable{};
};

// Sends the items of a map as they are run.
void run_map(void* context, detail::worker& self) {
  const auto& sent = *static_cast<const sent_work*>(context);
  detail::run_in_hand(static_cast<detail::map_worker&>(self),
                      [&](std::uint64_t item, detail::worker& any) { sent.run(sent.written(item, 0), item, any); });
}

// Writes the items of a stream when they are taken from the range, into the arena, where forked workers see them too.
class sent_stream final : public detail::stream_runner {
  struct written_item {
    std::size_t size = 0;
    std::array<std::byte, 256> bytes{};
  };

 public:
  sent_stream(detail::engine_core& hands, far_end where, detail::stream_cells& cells, const detail::call_task& task,
              const map_options& options)
      : m_work(task, where),
        m_memory(detail::arena::here().reserve(cells.board().cells().size() * sizeof(written_item))) {
    m_memory.commit(0, m_memory.size());
    m_runner = hands.make_runner(cells, m_task, options);
  }

  [[nodiscard]] bool runs_ahead() const noexcept override { return m_runner->runs_ahead(); }
  void prepare(std::uint64_t item, std::uint32_t cell) override {
    const bytes written = m_work.written(item, cell);
    at(cell).size = written.size();
    std::copy(written.begin(), written.end(), at(cell).bytes.begin());
  }
  void look_after(std::chrono::milliseconds longest) override { m_runner->look_after(longest); }
  void end(detail::stop_mode mode) override { m_runner->end(mode); }

 private:
  [[nodiscard]] written_item& at(std::uint32_t cell) const {
    return reinterpret_cast<written_item*>(m_memory.data())[cell];
  }
  static void run(void* context, detail::worker& any) {
    auto& stream = *static_cast<sent_stream*>(context);
    auto& self = static_cast<detail::stream_worker&>(any);
    detail::run_item(self, self.board.item_in(self.cell), self.board.cells()[self.cell].status,
                     [&](std::uint64_t item, detail::worker& /*any*/) {
                       const written_item& arrived = stream.at(self.cell);
                       stream.m_work.run({arrived.bytes.begin(), arrived.bytes.begin() + arrived.size}, item, self);
                     });
  }

  sent_work m_work;
  detail::arena_extent m_memory;
  detail::call_task m_task{&run, this};
  std::unique_ptr<detail::stream_runner> m_runner{};  // last member: its workers end before the others are destroyed
};

// A call that is made from bytes; its result is bytes as well.
class written_call final : public detail::submitted_call {
 public:
  explicit written_call(std::unique_ptr<detail::submitted_call> original)
      : m_task(original->task()), m_value(m_task.value_bytes) {
    buffer_writer out;
    m_task.write(m_task.call, out);
    m_call = copied(out);
    m_task.call = nullptr;
  }

  void make(std::stop_token stop) override {
    const auto run = reinterpret_cast<detail::child_task::runner>(
        detail::code_at(detail::place_of(reinterpret_cast<detail::any_function>(m_task.run_written))));
    reader in(m_call);
    buffer_writer out;
    run(&in, detail::child_result(m_value.data(), &out), std::move(stop));
    if (m_task.is_serialised) m_value = copied(out);
  }
  void give_result(void* result) override {
    if (m_task.read_result == nullptr) return;
    reader in(m_value);
    m_task.read_result(result, in);
  }
  [[nodiscard]] detail::child_task task() override { return {}; }

 private:
  detail::child_task m_task;
  bytes m_call{};
  bytes m_value;
};

class sending_core final : public detail::engine_core {
 public:
  sending_core(std::unique_ptr<engine_core> hands, far_end where) : m_hands(std::move(hands)), m_where(where) {}

  [[nodiscard]] std::string_view name() const noexcept override { return "sending"; }
  [[nodiscard]] std::size_t workers() const noexcept override { return m_hands->workers(); }
  [[nodiscard]] detail::engine_kind kind() const noexcept override {
    return {m_hands->kind().results, detail::work_transport::sent};
  }

  void run(detail::call_items& items, const detail::call_task& task, const map_options& options) override {
    sent_work sent(task, m_where);
    m_hands->run(items, {&run_map, &sent}, options);
  }
  [[nodiscard]] std::unique_ptr<detail::stream_runner> make_runner(detail::stream_cells& cells,
                                                                   const detail::call_task& task,
                                                                   const map_options& options) override {
    return std::make_unique<sent_stream>(*m_hands, m_where, cells, task, options);
  }
  [[nodiscard]] std::unique_ptr<detail::started_call> start_call(
      std::unique_ptr<detail::submitted_call> call) override {
    return std::make_unique<detail::finished_call>(std::make_unique<written_call>(std::move(call)));
  }

 private:
  std::unique_ptr<engine_core> m_hands;
  far_end m_where;
};

}  // namespace

std::unique_ptr<detail::engine_core> sending_engine(std::unique_ptr<detail::engine_core> hands, far_end where) {
  return std::make_unique<sending_core>(std::move(hands), where);
}

}  // namespace tequio::test
