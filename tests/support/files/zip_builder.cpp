// SPDX-License-Identifier: MIT
#include "support/files/zip_builder.hpp"

#include <zlib.h>

#include <stdexcept>
#include <utility>

namespace tequio::test {
namespace {

constexpr std::uint32_t in_zip64_field = 0xffffffff;

template <class Integer>
void put(std::string& out, Integer value) {
  for (std::size_t i = 0; i < sizeof(Integer); ++i)
    out += static_cast<char>(static_cast<unsigned char>((static_cast<std::uint64_t>(value) >> (8 * i)) & 0xff));
}

std::string compressed(std::string_view text, int window_bits, int level) {
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
  std::string out(deflateBound(&stream, text.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) throw std::logic_error("deflate");
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

/// The fields that local header and directory entry share, from "version needed" to the CRC.
void put_common(std::string& out, const zip_entry& entry) {
  put<std::uint16_t>(out, 45);
  put(out, entry.flags);
  put(out, entry.method);
  put<std::uint32_t>(out, 0x58210000);  // 1 January 2024
  put(out, entry.crc);
}

}  // namespace

std::string deflated(std::string_view text, int level) { return compressed(text, -15, level); }

std::string gzipped(std::string_view text) { return compressed(text, 15 + 16, 6); }

std::uint32_t crc_of(std::string_view text) {
  return static_cast<std::uint32_t>(
      ::crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size())));
}

zip_entry deflated_entry(std::string name, std::string_view text) {
  return {.name = std::move(name), .stored = deflated(text), .bytes = text.size(), .crc = crc_of(text)};
}

zip_entry stored_entry(std::string name, std::string_view text) {
  return {.name = std::move(name), .stored = std::string(text), .bytes = text.size(), .crc = crc_of(text), .method = 0};
}

zip_builder& zip_builder::add(const zip_entry& entry, sizes fields) {
  const std::uint64_t stored_bytes = entry.claimed_stored_bytes != 0 ? entry.claimed_stored_bytes : entry.stored.size();
  const bool wide = fields == sizes::zip64;
  const bool sizes_follow = (entry.flags & 8) != 0;
  std::string extra;
  if (wide) {
    put<std::uint16_t>(extra, 1);
    put<std::uint16_t>(extra, 16);
    put<std::uint64_t>(extra, entry.bytes);
    put<std::uint64_t>(extra, stored_bytes);
  }
  const auto put_sizes = [&](std::string& out) {
    put(out, wide ? in_zip64_field : static_cast<std::uint32_t>(stored_bytes));
    put(out, wide ? in_zip64_field : static_cast<std::uint32_t>(entry.bytes));
    put(out, static_cast<std::uint16_t>(entry.name.size()));
    put(out, static_cast<std::uint16_t>(extra.size()));
  };
  const auto offset = static_cast<std::uint32_t>(m_members.size());

  m_members += "PK\3\4";
  zip_entry local = entry;
  if (sizes_follow) local.crc = 0;
  put_common(m_members, local);
  if (sizes_follow && !wide) {
    put<std::uint64_t>(m_members, 0);
    put(m_members, static_cast<std::uint16_t>(entry.name.size()));
    put<std::uint16_t>(m_members, 0);
  } else {
    put_sizes(m_members);
  }
  m_members += entry.name + extra + entry.stored;
  if (sizes_follow) {
    m_members += "PK\7\10";
    put(m_members, entry.crc);
    put(m_members, static_cast<std::uint32_t>(stored_bytes));
    put(m_members, static_cast<std::uint32_t>(entry.bytes));
  }

  m_directory += "PK\1\2";
  put<std::uint16_t>(m_directory, 45);
  put_common(m_directory, entry);
  put_sizes(m_directory);
  m_directory.append(2 + 2 + 2 + 4, '\0');  // comment, disk, attributes
  put(m_directory, offset);
  m_directory += entry.name + extra;
  ++m_count;
  return *this;
}

std::string zip_builder::finish(std::string_view comment) const {
  std::string archive = m_members + m_directory + "PK\5\6";
  put<std::uint32_t>(archive, 0);
  put(archive, m_count);
  put(archive, m_count);
  put(archive, static_cast<std::uint32_t>(m_directory.size()));
  put(archive, static_cast<std::uint32_t>(m_members.size()));
  put(archive, static_cast<std::uint16_t>(comment.size()));
  return archive.append(comment);
}

}  // namespace tequio::test
