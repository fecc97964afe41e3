// SPDX-License-Identifier: MIT
// Scanning and filtering a table of the census' shape (27 MB, 286 columns) in memory, by each scan. Verified.
#include <benchmark/benchmark.h>

#include <cstring>
#include <string>

#include "tequio/data/filter.hpp"

namespace {

using tequio::data::csv_scan;

class memory_input : public tequio::data::input {
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

// Rows as INEGI writes them: codes with zeros, names with accents, quoted coordinates, 277 counts or asterisks.
std::string census_like() {
  std::string text =
      "\xEF\xBB\xBF"
      "ENTIDAD,NOM_ENT,MUN,NOM_MUN,LOC,NOM_LOC,LONGITUD,LATITUD,ALTITUD";
  for (int i = 9; i < 286; ++i) text += ",C" + std::to_string(i);
  text += "\r\n";
  unsigned state = 1;
  for (int row = 0; text.size() < 27'000'000; ++row) {
    char codes[64];
    std::snprintf(codes, sizeof codes, "31,Yucatán,%03d,Mérida,%04d,El Sauz", row / 100, row % 100);
    text += codes;
    text += ",\"102°17'45.768\"\" W\",\"21°52'47.362\"\" N\",1878";
    const bool masked = row % 5 < 2;
    for (int i = 9; i < 286; ++i) {
      state = state * 1664525 + 1013904223;
      text += masked ? ",*" : "," + std::to_string((state >> 16) % (1U << (state >> 28)));
    }
    text += "\r\n";
  }
  return text;
}

const std::string& table() {
  static const std::string text = census_like();
  return text;
}

void filter(benchmark::State& state, csv_scan scan, const char* expression, std::size_t expected_rows) {
  const tequio::data::query condition(expression);
  for (auto _ : state) {
    memory_input source(table());
    const auto result = filter_table(source, condition, {.csv = {.scan = scan}});
    if (expected_rows ? result.kept.row_count != expected_rows : result.kept.row_count != result.rows_read) {
      state.SkipWithError("wrong rows");
      break;
    }
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * table().size()));
}

// Rows of 20 bytes: what a row costs, where the census shows what a byte costs.
void filter_narrow(benchmark::State& state) {
  constexpr std::uint64_t rows = 1'000'000;
  std::string text = "id,x,y\n";
  for (std::uint64_t i = 0; i < rows; ++i) text += std::to_string(i) + "," + std::to_string(i % 1000) + ".25,abc\n";
  const tequio::data::query condition("x == 7.25 and id < 100000");
  for (auto _ : state) {
    memory_input source(text);
    if (filter_table(source, condition).kept.row_count != 100) {
      state.SkipWithError("wrong rows");
      break;
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * rows));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
}

void copy(benchmark::State& state) {
  std::string buffer(1 << 18, ' ');
  for (auto _ : state) {
    memory_input source(table());
    while (source.read(std::as_writable_bytes(std::span(buffer))) > 0) benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * table().size()));
}

BENCHMARK(copy)->Name("op:copy");
BENCHMARK(filter_narrow)->Name("op:filter/rows:narrow/impl:fastest");
BENCHMARK_CAPTURE(filter, few_avx2, csv_scan::fastest, "MUN == 0 and LOC == 0", 1)
    ->Name("op:filter/keeps:1/impl:fastest");
BENCHMARK_CAPTURE(filter, few_sse2, csv_scan::sse2, "MUN == 0 and LOC == 0", 1)->Name("op:filter/keeps:1/impl:sse2");
BENCHMARK_CAPTURE(filter, few_scalar, csv_scan::portable, "MUN == 0 and LOC == 0", 1)
    ->Name("op:filter/keeps:1/impl:scalar");
BENCHMARK_CAPTURE(filter, last, csv_scan::fastest, "C285 == 'x' or index == 0", 1)
    ->Name("op:filter/keeps:1/column:last/impl:fastest");
BENCHMARK_CAPTURE(filter, all, csv_scan::fastest, "MUN >= 0", 0)->Name("op:filter/keeps:all/impl:fastest");

}  // namespace

BENCHMARK_MAIN();
