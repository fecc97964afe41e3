// SPDX-License-Identifier: MIT
// How much does reading a member of a zip cost over inflating it? Plain ISA-L and zlib inflate from memory at once.
#include <isa-l/igzip_lib.h>
#include <zlib.h>

#include <string>
#include <vector>

#include "support/census_sample.hpp"
#include "support/interleave.hpp"
#include "tequio/data/open.hpp"

namespace {

using tequio::bench::census_sample;

bool inflate_by_isal(const census_sample& sample, std::string& out) {
  static inflate_state stream;
  isal_inflate_init(&stream);
  stream.crc_flag = ISAL_GZIP_NO_HDR;  // with the CRC, as every other here
  stream.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(sample.deflated().data()));
  stream.avail_in = static_cast<std::uint32_t>(sample.deflated().size());
  stream.next_out = reinterpret_cast<std::uint8_t*>(out.data());
  stream.avail_out = static_cast<std::uint32_t>(out.size());
  return isal_inflate(&stream) == ISAL_DECOMP_OK && stream.crc == sample.crc();
}

bool inflate_by_zlib(const census_sample& sample, std::string& out) {
  z_stream stream{};
  inflateInit2(&stream, -15);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(sample.deflated().data()));
  stream.avail_in = static_cast<uInt>(sample.deflated().size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool whole = ::inflate(&stream, Z_FINISH) == Z_STREAM_END;
  inflateEnd(&stream);
  return whole && ::crc32(0, reinterpret_cast<const Bytef*>(out.data()), static_cast<uInt>(out.size())) == sample.crc();
}

// open_table() compares size and CRC with the archive's and throws where they differ.
bool read_member(const census_sample& sample, std::size_t buffer_bytes) {
  std::vector<std::byte> buffer(buffer_bytes);
  const auto table = open_table(tequio::data::make_source(sample.zip_path()));
  std::size_t total = 0;
  while (const std::size_t count = table->read(buffer)) total += count;
  return total == sample.table().size();
}

}  // namespace

int main() {
  const census_sample sample;
  std::string out(sample.table().size(), '\0');
  tequio::bench::compare("op:inflate_27MB/workers:1", 1,
                         {{"impl:isal", [&] { return inflate_by_isal(sample, out); }},
                          {"impl:tequio/buffer:64KiB", [&] { return read_member(sample, 64 << 10); }},
                          {"impl:tequio/buffer:256KiB", [&] { return read_member(sample, 256 << 10); }},
                          {"impl:zlib", [&] { return inflate_by_zlib(sample, out); }}});
}
