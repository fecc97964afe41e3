// SPDX-License-Identifier: MIT
#include "jobs/zip_writer.hpp"

#include <new>
#include <span>
#include <utility>

namespace tequio::jobs {
namespace {

constexpr int level = 6;         // files 6 % larger than level 9 makes, in half its time
constexpr int raw_window = -15;  // no zlib header: the zip has its own
constexpr int memory_level = 8;  // zlib's default
constexpr std::uint64_t needs_version = 20;
constexpr std::uint64_t made_on_unix = 3 << 8 | needs_version;
constexpr std::uint64_t deflated = 8;
constexpr std::uint64_t midnight = 0;
constexpr std::uint64_t date = (2021 - 1980) << 9 | 3 << 5 | 16;  // 2021-03-16, when INEGI published the tables
constexpr std::uint64_t regular_file_0644 = std::uint64_t{0100644} << 16;

/// A record of a zip: little-endian numbers and text.
class record {
 public:
  explicit record(std::string_view signature) { text(signature); }
  record& u16(std::uint64_t value) { return number(value, 2); }
  record& u32(std::uint64_t value) { return number(value, 4); }
  record& text(std::string_view value) {
    m_bytes += value;
    return *this;
  }
  [[nodiscard]] std::span<const std::byte> bytes() const { return std::as_bytes(std::span(m_bytes)); }

 private:
  record& number(std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) m_bytes += static_cast<char>(value >> (8 * i) & 0xff);
    return *this;
  }

  std::string m_bytes;
};

struct member_facts {
  std::string_view name{};
  std::uint32_t crc = 0;
  std::uint64_t packed_bytes = 0;
  std::uint64_t text_bytes = 0;
};

/// The part that the local header and the directory's entry share.
void describe(record& header, const member_facts& member) {
  header.u16(needs_version).u16(0).u16(deflated).u16(midnight).u16(date);
  header.u32(member.crc).u32(member.packed_bytes).u32(member.text_bytes).u16(member.name.size()).u16(0);
}

record local_header(const member_facts& member) {
  record header("PK\x03\x04");
  describe(header, member);
  return header.text(member.name);
}

record directory_entry(const member_facts& member) {
  record entry("PK\x01\x02");
  entry.u16(made_on_unix);
  describe(entry, member);
  entry.u16(0).u16(0).u16(0).u32(regular_file_0644).u32(0);  // no comment, disk 0, binary, header at 0
  return entry.text(member.name);
}

record end_of_directory(std::uint64_t directory_bytes, std::uint64_t directory_offset) {
  record end("PK\x05\x06");
  return end.u16(0).u16(0).u16(1).u16(1).u32(directory_bytes).u32(directory_offset).u16(0);
}

}  // namespace

void zip_writer::end_deflate::operator()(z_stream* stream) const noexcept {
  deflateEnd(stream);
  delete stream;
}

zip_writer::zip_writer(std::filesystem::path path, std::string member)
    : m_file(std::move(path)), m_member(std::move(member)), m_out(std::size_t{1} << 16) {
  auto stream = std::make_unique<z_stream>();
  if (deflateInit2(stream.get(), level, Z_DEFLATED, raw_window, memory_level, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  m_stream.reset(stream.release());
  m_file.write(local_header({.name = m_member}).bytes());  // sizes follow in finish()
}

void zip_writer::write(std::string_view text) {
  const auto* bytes = reinterpret_cast<const Bytef*>(text.data());
  m_crc = static_cast<std::uint32_t>(crc32_z(m_crc, bytes, text.size()));
  m_text_bytes += static_cast<std::uint32_t>(text.size());
  m_stream->next_in = const_cast<Bytef*>(bytes);  // zlib only reads it
  m_stream->avail_in = static_cast<uInt>(text.size());
  deflate_into_file(flush::when_full);
}

void zip_writer::deflate_into_file(flush how) {
  do {
    m_stream->next_out = m_out.data();
    m_stream->avail_out = static_cast<uInt>(m_out.size());
    deflate(m_stream.get(), how == flush::all ? Z_FINISH : Z_NO_FLUSH);
    m_file.write(std::as_bytes(std::span(m_out).first(m_out.size() - m_stream->avail_out)));
  } while (m_stream->avail_out == 0);
}

std::uint64_t zip_writer::finish() {
  m_stream->avail_in = 0;
  deflate_into_file(flush::all);
  const member_facts member{
      .name = m_member, .crc = m_crc, .packed_bytes = m_stream->total_out, .text_bytes = m_text_bytes};
  m_file.write_at(0, local_header(member).bytes());
  const auto directory_offset = m_file.size();
  m_file.write(directory_entry(member).bytes());
  m_file.write(end_of_directory(m_file.size() - directory_offset, directory_offset).bytes());
  m_file.commit();
  return m_file.size();
}

}  // namespace tequio::jobs
