// SPDX-License-Identifier: MIT
// The results of an engine's stream() and try_stream(), read while workers run the next items.
// Use them where results are many or large, where items never end, or where the first result is wanted soon. A map
// returns all results at once.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

#include "tequio/map_options.hpp"
#include "tequio/outcome.hpp"

namespace tequio {

/// Options of one stream; name those that differ from the defaults: `crew.stream(urls, {.ahead = 100}, fetch)`.
struct stream_options {
  /// The most items that are taken from the range and not read yet; 0: two per worker and eight more. No item is taken
  /// before there is room, so this bounds the results in memory, and how far workers run ahead of the reader.
  std::size_t ahead = 0;
  /// As map_options::timeout. Overdue items are ended while the reader waits for a result, or asks for the next one.
  std::chrono::nanoseconds timeout{0};
  /// How often an item that failed is tried again.
  unsigned retries = 0;
  /// After `stop`, no item behind the first failed one is taken or started; those that were taken are cancelled.
  tequio::on_error on_error = tequio::on_error::go_on;
  /// Called in the reader's thread, about ten times per second while it reads, and at the end. `total` is the size of
  /// the range, or the number of items taken so far where the range does not tell its size. Its exception ends the
  /// stream.
  std::function<void(const tequio::progress&)> progress{};
  /// Ends the stream early: items in hand are finished, items taken but not started are cancelled, no other is taken.
  std::stop_token stop{};
  /// After a stop, or when a stream is left early, how long `processes` waits for items in hand before it kills their
  /// workers.
  std::chrono::nanoseconds grace = std::chrono::seconds(1);
};

namespace detail {

/// Where the outcomes of a stream come from.
template <class Value>
class stream_source {
 public:
  stream_source() = default;
  stream_source(const stream_source&) = delete;
  stream_source& operator=(const stream_source&) = delete;
  virtual ~stream_source() = default;
  /// The next outcome, waited for; nothing at the end.
  [[nodiscard]] virtual std::optional<outcome<Value>> next() = 0;
};

}  // namespace detail

/// The outcomes of a stream, one after the other: a range of `outcome<Value>&` that can be read once.
///
/// Blocks:  while the reader waits for the next outcome; and in the destructor until items in hand are finished (on
///          `processes` no longer than `stream_options::grace`).
/// Safety:  for one thread at a time. The engine, and a range that was given as an lvalue, must outlive it. In a
///          process forked from the one that made it, reading throws and the destructor does nothing.
template <class Value>
class outcome_stream {
 public:
  class iterator {
   public:
    using value_type = outcome<Value>;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;

    iterator() = default;
    explicit iterator(outcome_stream& stream) : m_stream(&stream) {}
    outcome<Value>& operator*() const { return *m_stream->m_current; }
    outcome<Value>* operator->() const { return &*m_stream->m_current; }
    iterator& operator++() {
      m_stream->m_current = m_stream->m_source->next();
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t /*end*/) const { return !m_stream->m_current; }

   private:
    outcome_stream* m_stream = nullptr;
  };

  explicit outcome_stream(std::unique_ptr<detail::stream_source<Value>> source) : m_source(std::move(source)) {}

  /// The first outcome that has not been read; call it once.
  [[nodiscard]] iterator begin() {
    m_current = m_source->next();
    return iterator(*this);
  }
  [[nodiscard]] static std::default_sentinel_t end() noexcept { return {}; }

  /// The next outcome; nothing at the end.
  [[nodiscard]] std::optional<outcome<Value>> next() { return m_source->next(); }

 private:
  std::unique_ptr<detail::stream_source<Value>> m_source;
  std::optional<outcome<Value>> m_current{};
};

/// The results of a stream, one after the other: a range of `Value&`, which may be moved from, that can be read once.
///
/// Blocks, Safety: as outcome_stream.
/// Errors:  task_error naming the item, where an item without a value is read: by next(), or by `*` of an iterator. The
///          items behind it can still be read, by next() or after `++`.
template <class Value>
class stream {
 public:
  class iterator {
   public:
    using value_type = Value;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::input_iterator_tag;

    iterator() = default;
    explicit iterator(typename outcome_stream<Value>::iterator at) : m_at(at) {}
    Value& operator*() const { return m_at->value(); }
    Value* operator->() const { return &m_at->value(); }
    iterator& operator++() {
      ++m_at;
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t end) const { return m_at == end; }

   private:
    typename outcome_stream<Value>::iterator m_at{};
  };

  explicit stream(std::unique_ptr<detail::stream_source<Value>> source) : m_outcomes(std::move(source)) {}

  /// The first result that has not been read; call it once.
  [[nodiscard]] iterator begin() { return iterator(m_outcomes.begin()); }
  [[nodiscard]] static std::default_sentinel_t end() noexcept { return {}; }

  /// The next result; nothing at the end.
  [[nodiscard]] std::optional<Value> next() {
    auto one = m_outcomes.next();
    if (!one) return std::nullopt;
    return std::optional<Value>(std::move(*one).value());
  }

 private:
  outcome_stream<Value> m_outcomes;
};

}  // namespace tequio
