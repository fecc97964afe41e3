// SPDX-License-Identifier: MIT
// Reads .npy files one after another through one buffer: open(), then next_piece() until it is empty, rewind() to go
// again. Use one reader per thread and keep it over many files: they share its buffer. Files are read, never mapped, so
// a file that shrinks meanwhile is an error and not a signal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tequio/data/file.hpp"
#include "tequio/data/format_error.hpp"
#include "tequio/data/input.hpp"
#include "tequio/data/npy_header.hpp"
#include "tequio/error.hpp"

namespace tequio::data {

/// One .npy file at a time, its data in memory order and in the file's byte order.
class npy_reader {
 public:
  /// A longer file is read in pieces of at most this size, which stay in the second-level cache until they are used.
  static constexpr std::size_t piece_bytes = std::size_t{1} << 20U;

  explicit npy_reader(const npy_options& options = {}) : m_options(options) {}

  /// Reads the header of `content`, what open_file() returns; a file of up to options.window_bytes is read whole.
  ///
  /// @return the header, until the next open().
  /// Blocks:  on the disk.
  /// Errors:  format_error for what is no .npy file or is cut short; error from the system. After one, open() again.
  const npy_header& open(file content);

  /// Opens a path or a URL, with the options and the errors of open_file(), and reads its header.
  const npy_header& open(const std::string& path);

  /// Reads `stream` to its end and holds all of it in memory: a member of an .npz.
  ///
  /// Blocks:  until the stream ends.
  /// Errors:  as above, and those of the stream.
  const npy_header& open(input& stream);

  [[nodiscard]] const npy_header& header() const noexcept { return m_header; }
  /// What messages call the file.
  [[nodiscard]] const std::string& name() const noexcept { return m_name; }

  /// The data that follows what the last call returned, empty at the end; valid until the next call.
  ///
  /// @param most_items in the piece. A piece has this number of elements, or fewer where the data or piece_bytes ends;
  ///        an element longer than piece_bytes comes in several pieces.
  /// Blocks:  on the disk, if the file is larger than the window.
  /// Errors:  format_error when the file has become shorter.
  [[nodiscard]] std::span<const std::byte> next_piece(
      std::uint64_t most_items = std::numeric_limits<std::uint64_t>::max());

  /// Starts again with the first piece.
  void rewind() noexcept { m_position = 0; }

 private:
  /// Bytes that are not initialised, aligned to a cache line, and never shrink while they are used.
  class buffer {
   public:
    [[nodiscard]] std::span<std::byte> bytes() const noexcept { return {m_bytes.get(), m_size}; }
    /// Makes room for `size` bytes and keeps the first `used`.
    void grow(std::size_t size, std::size_t used);

   private:
    static constexpr std::align_val_t alignment{64};
    struct free_aligned {
      void operator()(std::byte* bytes) const noexcept { ::operator delete[](bytes, alignment); }
    };
    std::unique_ptr<std::byte[], free_aligned> m_bytes{};
    std::size_t m_size = 0;
  };

  void start(const std::string& name);
  void check_size(const npy_header& header, std::uint64_t file_bytes) const;
  std::size_t spool(input& stream, std::size_t used, std::uint64_t wanted);

  npy_options m_options{};
  npy_header m_header{};
  std::string m_name{};
  std::optional<file> m_file{};  // open only while the data is read in pieces
  buffer m_buffer{};
  bool m_whole = false;          // the buffer holds all of the file
  std::uint64_t m_position = 0;  // in the data, of the next piece
};

/// All values in C order and in the file's byte order.
///
/// @param reader that has a file open.
/// Blocks:  on the disk.
/// Errors:  format_error when the file has become shorter; std::bad_alloc.
[[nodiscard]] std::vector<std::byte> values_in_c_order(npy_reader& reader);

}  // namespace tequio::data
