// SPDX-License-Identifier: MIT
#include "tequio/data/npy_writer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <limits>

#include "system/system.hpp"
#include "tequio/descriptor.hpp"

namespace tequio::data {
namespace {

constexpr std::size_t data_alignment = 64;
constexpr std::size_t fixed_bytes = 10;  // magic, version and length of version 1.0

std::string shape_text(const npy_shape& shape) {
  return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

/// Whether the lengths of `shape` multiply to `count`; no product is trusted to fit 64 bits.
bool holds(const npy_shape& shape, std::uint64_t count) {
  std::uint64_t product = 1;
  for (const auto length : shape) {
    if (length == 0) return count == 0;
    if (__builtin_mul_overflow(product, length, &product)) product = std::numeric_limits<std::uint64_t>::max();
  }
  return product == count;
}

}  // namespace

std::string npy_preamble(const std::string& descriptor, const npy_shape& shape) {
  if (shape.size() > npy_most_axes)
    throw error({.problem = fmt::format("a .npy file of {} axes", shape.size()),
                 .cure = fmt::format("use at most {}", npy_most_axes)});
  std::string header =
      fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}", descriptor, shape_text(shape));
  const std::size_t unpadded = fixed_bytes + header.size() + 1;
  header.append((data_alignment - unpadded % data_alignment) % data_alignment, ' ');
  header += '\n';
  std::string preamble("\x93NUMPY\x01\x00", 8);
  preamble += static_cast<char>(header.size() & 0xff);
  preamble += static_cast<char>(header.size() >> 8);
  return preamble + header;
}

void write_npy_bytes(const std::string& path, const std::string& descriptor, std::span<const std::byte> bytes,
                     std::uint64_t count, const npy_shape& shape) {
  if (!holds(shape, count))
    throw error({.object = path,
                 .problem = fmt::format("{} values do not make an array of shape {}", count, shape_text(shape)),
                 .cure = "give a shape whose product is the number of values"});
  const std::string preamble = npy_preamble(descriptor, shape);
  const tequio::descriptor file(system::check(
      path, "cannot be created", [&] { return ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666); }));
  write_full(file, std::as_bytes(std::span(preamble)), path);
  write_full(file, bytes, path);
}

}  // namespace tequio::data
