// SPDX-License-Identifier: MIT
// What does a query cost over inflating its zip, and a filter over copying its text? A table of 27 MB, 286 columns.
#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "support/census_sample.hpp"
#include "support/interleave.hpp"
#include "tequio/data/filter.hpp"
#include "tequio/data/open.hpp"

namespace {

using tequio::bench::alternative;
using tequio::bench::census_sample;
using tequio::bench::compare;
using tequio::data::csv_scan;
using tequio::data::query;

class memory_input final : public tequio::data::input {
 public:
  explicit memory_input(const std::string& text) : m_rest(text) {}

  std::size_t read(std::span<std::byte> bytes) override {
    const std::size_t count = std::min(bytes.size(), m_rest.size());
    if (count > 0) std::memcpy(bytes.data(), m_rest.data(), count);
    m_rest.remove_prefix(count);
    return count;
  }
  [[nodiscard]] const std::string& name() const noexcept override { return m_name; }

 private:
  std::string_view m_rest;
  std::string m_name = "memory";
};

// Checks that there are `expected` rows, or all rows where it is 0.
bool filter(tequio::data::input& source, const query& condition, std::size_t expected,
            csv_scan scan = csv_scan::fastest) {
  const auto result = filter_table(source, condition, {.csv = {.scan = scan}});
  return result.kept.row_count == (expected != 0 ? expected : result.rows_read);
}

alternative in_memory(const char* name, const std::string& text, const query& condition, std::size_t expected,
                      csv_scan scan = csv_scan::fastest) {
  return {name, [&text, condition, expected, scan] {
            memory_input source(text);
            return filter(source, condition, expected, scan);
          }};
}

bool copy(const std::string& text) {
  std::string buffer(1 << 18, ' ');
  memory_input source(text);
  std::size_t total = 0;
  while (const std::size_t count = source.read(std::as_writable_bytes(std::span(buffer)))) total += count;
  return total == text.size();
}

bool inflate_only(const census_sample& sample, std::string& out) {
  static inflate_state stream;
  isal_inflate_init(&stream);
  stream.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(sample.deflated().data()));
  stream.avail_in = static_cast<std::uint32_t>(sample.deflated().size());
  stream.next_out = reinterpret_cast<std::uint8_t*>(out.data());
  stream.avail_out = static_cast<std::uint32_t>(out.size());
  return isal_inflate(&stream) == ISAL_DECOMP_OK && out == sample.table();
}

std::string narrow_table(std::size_t rows) {
  std::string text = "id,x,y\n";
  for (std::size_t i = 0; i < rows; ++i) text += std::to_string(i) + "," + std::to_string(i % 1000) + ".25,abc\n";
  return text;
}

}  // namespace

int main() {
  const census_sample sample;
  const query few("MUN == 0 and LOC == 0");
  std::string out(sample.table().size(), '\0');
  compare("op:query_27MB_zip/workers:1", 1,
          {{"impl:isal_inflate_only", [&] { return inflate_only(sample, out); }},
           {"impl:tequio_open_and_filter", [&] {
              const auto table = open_table(tequio::data::make_source(sample.zip_path()));
              return filter(*table, few, 1);
            }}});
  compare("op:filter_27MB/workers:1", 1,
          {{"impl:copy_only", [&] { return copy(sample.table()); }},
           in_memory("keeps:1/scan:fastest", sample.table(), few, 1),
           in_memory("keeps:1/scan:sse2", sample.table(), few, 1, csv_scan::sse2),
           in_memory("keeps:1/scan:portable", sample.table(), few, 1, csv_scan::portable),
           in_memory("keeps:1/column:last", sample.table(), query("C285 == 'x' or index == 0"), 1),
           in_memory("keeps:all", sample.table(), query("MUN >= 0"), 0)});
  constexpr std::size_t rows = 1'000'000;
  const std::string narrow = narrow_table(rows);
  compare("op:filter_row_of_20_bytes/workers:1", rows,
          {in_memory("keeps:100", narrow, query("x == 7.25 and id < 100000"), 100)});
}
