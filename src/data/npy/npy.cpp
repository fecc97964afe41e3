// SPDX-License-Identifier: MIT
#include "tequio/data/npy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "tequio/data/format_error.hpp"
#include "tequio/descriptor.hpp"

namespace tequio::data {
namespace {

constexpr std::size_t first_spool_bytes = std::size_t{64} << 10U;

/// Copies `source` in Fortran order to `target` in C order.
void transpose(std::span<const std::byte> source, std::span<std::byte> target, const npy_shape& shape,
               std::size_t item_bytes) {
  std::vector<std::size_t> strides(shape.size());
  std::size_t stride = item_bytes;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  npy_shape index(shape.size());
  std::size_t from = 0;
  for (std::size_t to = 0; to < target.size(); to += item_bytes) {
    std::memcpy(target.data() + to, source.data() + from, item_bytes);
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
}

}  // namespace

void npy_reader::buffer::grow(std::size_t size, std::size_t used) {
  if (size <= m_size) return;
  const std::size_t room = std::bit_ceil(size);
  decltype(m_bytes) bytes(static_cast<std::byte*>(::operator new[](room, alignment)));
  if (used > 0) std::memcpy(bytes.get(), m_bytes.get(), used);
  m_bytes = std::move(bytes);
  m_size = room;
}

void npy_reader::start(const std::string& name) {
  m_name = name;
  m_header = {};
  m_file.reset();
  m_position = 0;
  m_whole = false;
  if (m_buffer.bytes().size() > std::bit_ceil(m_options.window_bytes)) m_buffer = {};  // a long stream came before
}

const npy_header& npy_reader::open(const std::string& path) { return open(open_file(make_source(path))); }

const npy_header& npy_reader::open(file content) {
  start(content.name());
  const std::uint64_t file_bytes = content.size();
  m_whole = file_bytes <= m_options.window_bytes;
  const std::size_t wanted = m_whole ? file_bytes : std::min<std::uint64_t>(file_bytes, npy_start_bytes(m_options));
  m_buffer.grow(std::max(wanted, m_whole ? 0 : piece_bytes), 0);
  const auto bytes = m_buffer.bytes().first(wanted);
  const std::size_t got = read_full_at(content.content(), bytes, 0, m_name);
  npy_header header = parse_npy_header(bytes.first(got), m_name, m_options);
  check_size(header, got < wanted ? got : file_bytes);
  if (!m_whole) m_file = std::move(content);
  m_header = std::move(header);
  return m_header;
}

const npy_header& npy_reader::open(input& stream) {
  start(stream.name());
  const std::size_t start_bytes = spool(stream, 0, npy_start_bytes(m_options));
  npy_header header = parse_npy_header(m_buffer.bytes().first(start_bytes), m_name, m_options);
  const std::size_t got = spool(stream, start_bytes, header.data_offset + header.data_bytes);
  std::array<std::byte, 4096> rest{};
  std::uint64_t extra = 0;
  while (const std::size_t count = stream.read(rest)) extra += count;  // to the end: sums of members are checked there
  m_whole = true;
  check_size(header, got + extra);
  m_header = std::move(header);
  return m_header;
}

/// Reads until the buffer holds `wanted` bytes or the stream ends, and returns how many it holds. Room grows with
/// what has arrived, so a claim costs nothing.
std::size_t npy_reader::spool(input& stream, std::size_t used, std::uint64_t wanted) {
  while (used < wanted) {
    m_buffer.grow(std::min<std::uint64_t>(wanted, std::max(2 * used, first_spool_bytes)), used);
    const std::size_t room = std::min<std::uint64_t>(m_buffer.bytes().size(), wanted) - used;
    const std::size_t count = stream.read(m_buffer.bytes().subspan(used, room));
    if (count == 0) break;
    used += count;
  }
  return used;
}

void npy_reader::check_size(const npy_header& header, std::uint64_t file_bytes) const {
  const std::uint64_t held = file_bytes - header.data_offset;
  if (held < header.data_bytes)
    throw format_error({.object = m_name,
                        .problem = fmt::format("truncated: {} of {} bytes of data", held, header.data_bytes),
                        .cure = "copy or write the file again"});
  if (held > header.data_bytes && m_options.trailing == trailing_bytes::refuse)
    throw format_error({.object = m_name,
                        .problem = fmt::format("{} bytes after the array's data, from byte {}",
                                               held - header.data_bytes, header.data_offset + header.data_bytes),
                        .cure = "write it again, or accept trailing bytes"});
}

std::span<const std::byte> npy_reader::next_piece(std::uint64_t most_items) {
  const std::uint64_t left = m_header.data_bytes - m_position;
  if (left == 0) return {};
  const std::uint64_t item_bytes = m_header.type.item_bytes;
  const std::uint64_t wanted = most_items < left / item_bytes ? most_items * item_bytes : left;
  if (m_whole) {
    const auto piece = m_buffer.bytes().subspan(m_header.data_offset + m_position, wanted);
    m_position += wanted;
    return piece;
  }
  const std::uint64_t most = item_bytes <= piece_bytes ? piece_bytes - piece_bytes % item_bytes : piece_bytes;
  const auto piece = m_buffer.bytes().first(std::min(wanted, most));
  const std::size_t got = read_full_at(m_file->content(), piece, m_header.data_offset + m_position, m_name);
  if (got < piece.size())
    throw format_error({.object = m_name,
                        .problem = fmt::format("truncated while it was read: {} of {} bytes of data", m_position + got,
                                               m_header.data_bytes),
                        .cure = "let its writer finish, then run again"});
  m_position += got;
  return piece;
}

std::vector<std::byte> values_in_c_order(npy_reader& reader) {
  const npy_header& header = reader.header();
  std::vector<std::byte> values;
  values.reserve(header.data_bytes);
  reader.rewind();
  for (auto piece = reader.next_piece(); !piece.empty(); piece = reader.next_piece())
    values.insert(values.end(), piece.begin(), piece.end());
  reader.rewind();
  if (header.order == memory_order::c || header.shape.size() < 2 || values.empty()) return values;
  std::vector<std::byte> sorted(values.size());
  transpose(values, sorted, header.shape, header.type.item_bytes);
  return sorted;
}

}  // namespace tequio::data
