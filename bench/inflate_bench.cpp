// SPDX-License-Identifier: MIT
// How much reading a member of a zip costs over inflating it: 27 MB shaped as a census table, in the page cache.
// The bytes are verified by their CRC in each run; plain ISA-L and zlib inflate from memory at once.
#include <benchmark/benchmark.h>
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <stdlib.h>
#include <unistd.h>
#include <zip.h>
#include <zlib.h>

#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "tequio/data/open.hpp"
#include "tequio/data/zip.hpp"

namespace {

using tequio::data::make_source;

constexpr std::size_t table_bytes = 27'000'000;

std::string make_table() {
  std::mt19937 random(2020);
  std::string text;
  for (unsigned row = 0; text.size() < table_bytes; ++row) {
    text += "01,Aguascalientes,001,Aguascalientes," + std::to_string(row % 9998) + ",Localidad " +
            std::to_string(random() % 500);
    const bool masked = random() % 2 == 0;  // half of the localities are withheld
    const unsigned people = 1 + static_cast<unsigned>(random() % 400);
    for (int column = 0; column < 280; ++column) {
      text += ',';
      text += masked ? "*" : std::to_string(random() % 3 == 0 ? 0 : random() % people);
    }
    text += "\r\n";
  }
  return text;
}

/// The table, deflated, and in an archive on disk.
struct sample {
  std::string table = make_table();
  std::uint32_t crc = crc_of(table);
  std::string deflated;
  std::string path = "/tmp/tequio-bench-XXXXXX";

  static std::uint32_t crc_of(const std::string& text) {
    return crc32_gzip_refl(0, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }

  sample() {
    ::close(::mkstemp(path.data()));
    zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
    zip_file_add(archive, "table.csv", zip_source_buffer(archive, table.data(), table.size(), 0), 0);
    if (zip_close(archive) != 0) std::abort();
    archive = zip_open(path.c_str(), ZIP_RDONLY, nullptr);
    zip_stat_t status;
    zip_stat_index(archive, 0, 0, &status);
    deflated.resize(status.comp_size);
    zip_file_t* member = zip_fopen_index(archive, 0, ZIP_FL_COMPRESSED);
    if (zip_fread(member, deflated.data(), deflated.size()) != static_cast<zip_int64_t>(deflated.size())) std::abort();
    zip_fclose(member);
    zip_discard(archive);
  }
  sample(const sample&) = delete;
  sample& operator=(const sample&) = delete;
  ~sample() { ::unlink(path.c_str()); }
};

const sample& the_sample() {
  static const sample made;
  return made;
}

void finish(benchmark::State& state, std::uint32_t crc) {
  if (crc != the_sample().crc) state.SkipWithError("the bytes differ");
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(the_sample().table.size()));
}

void inflate_by_isal(benchmark::State& state) {
  const sample& from = the_sample();
  std::string out(from.table.size(), '\0');
  inflate_state stream;
  for (auto _ : state) {
    isal_inflate_init(&stream);
    stream.crc_flag = ISAL_GZIP_NO_HDR;  // with the CRC, as every other here
    stream.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(from.deflated.data()));
    stream.avail_in = static_cast<std::uint32_t>(from.deflated.size());
    stream.next_out = reinterpret_cast<std::uint8_t*>(out.data());
    stream.avail_out = static_cast<std::uint32_t>(out.size());
    if (isal_inflate(&stream) != ISAL_DECOMP_OK) state.SkipWithError("isal_inflate");
  }
  finish(state, stream.crc);
}

void inflate_by_zlib(benchmark::State& state) {
  const sample& from = the_sample();
  std::string out(from.table.size(), '\0');
  std::uint32_t crc = 0;
  for (auto _ : state) {
    z_stream stream{};
    inflateInit2(&stream, -15);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(from.deflated.data()));
    stream.avail_in = static_cast<uInt>(from.deflated.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    if (::inflate(&stream, Z_FINISH) != Z_STREAM_END) state.SkipWithError("inflate");
    inflateEnd(&stream);
    crc = static_cast<std::uint32_t>(
        ::crc32(0, reinterpret_cast<const Bytef*>(out.data()), static_cast<uInt>(out.size())));
  }
  finish(state, crc);
}

/// Opens the archive and reads its table into a buffer of so many KiB.
void read_member(benchmark::State& state) {
  const tequio::data::source from = make_source(the_sample().path);
  std::vector<std::byte> buffer(static_cast<std::size_t>(state.range(0)) * 1024);
  for (auto _ : state) {
    const auto table = open_table(from);
    while (table->read(buffer) > 0) benchmark::ClobberMemory();
  }
  std::string all;
  const auto table = open_table(from);
  while (const std::size_t count = table->read(buffer)) all.append(reinterpret_cast<const char*>(buffer.data()), count);
  finish(state, sample::crc_of(all));
}

BENCHMARK(inflate_by_isal)->Name("op:inflate/impl:isal/workers:1")->Unit(benchmark::kMillisecond);
BENCHMARK(inflate_by_zlib)->Name("op:inflate/impl:zlib/workers:1")->Unit(benchmark::kMillisecond);
BENCHMARK(read_member)
    ->Name("op:inflate/impl:tequio/workers:1/buffer_kib")
    ->Arg(16)
    ->Arg(64)
    ->Arg(256)
    ->Arg(1024)
    ->Unit(benchmark::kMillisecond);

}  // namespace

int main(int count, char** words) {
  std::vector<char*> all(words, words + count);
  std::string interleaved = "--benchmark_enable_random_interleaving=true";
  std::string repeated = "--benchmark_repetitions=9";
  all.insert(all.begin() + 1, {interleaved.data(), repeated.data()});  // before the user's, which win
  int all_count = static_cast<int>(all.size());
  benchmark::Initialize(&all_count, all.data());
  benchmark::RunSpecifiedBenchmarks();
}
