// SPDX-License-Identifier: MIT
#include "workers/result_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "system/file_memory.hpp"
#include "system/system.hpp"

namespace tequio::detail {
namespace {

constexpr std::size_t first_piece = std::size_t{1} << 16;
constexpr std::size_t largest_piece = std::size_t{1} << 26;

// Growing a file past RLIMIT_FSIZE ends the process (SIGXFSZ), so the limit is asked first.
void require_allowed(std::size_t size) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && size > limit.rlim_cur)
    throw error({.object = "result",
                 .problem = "larger than the limit on files allows",
                 .cure = "raise `ulimit -f`, or return less"});
}

}  // namespace

descriptor make_result_file() {
  descriptor made =
      system::above_standard_streams(descriptor(system::check("memory for a result", "cannot be made", [&] {
        return ::memfd_create("process-result", MFD_CLOEXEC | MFD_ALLOW_SEALING);
      })));
  system::check("memory for a result", "cannot be kept private",
                [&] { return ::fchmod(made.number(), S_IRUSR | S_IWUSR); });
  return made;
}

std::string read_from(int file, std::uint64_t from, std::uint64_t to) {
  std::string text(to - std::min(from, to), '\0');
  std::size_t done = 0;
  while (done < text.size()) {
    const auto count = system::retry(
        [&] { return ::pread(file, text.data() + done, text.size() - done, static_cast<off_t>(from + done)); });
    if (count <= 0) break;
    done += static_cast<std::size_t>(count);
  }
  text.resize(done);
  return text;
}

result_file_writer::~result_file_writer() {
  if (m_is_mapped) ::munmap(m_base, static_cast<std::size_t>(m_end - m_base));
}

void result_file_writer::grow(std::size_t size) {
  const std::size_t written = this->size();
  const std::size_t before = m_is_mapped ? static_cast<std::size_t>(m_end - m_base) : 0;
  const std::size_t missing = written + size - before;
  const std::size_t piece = std::clamp(before, first_piece, largest_piece);
  const std::size_t after = before + (std::max(missing, piece) + first_piece - 1) / first_piece * first_piece;
  require_allowed(after);
  system::give_memory(m_file, before, after - before, "result", "free memory, or return less");
  void* const base = m_is_mapped ? ::mremap(m_base, before, after, MREMAP_MAYMOVE)
                                 : ::mmap(nullptr, after, PROT_READ | PROT_WRITE, MAP_SHARED, m_file, 0);
  if (base == MAP_FAILED) throw system::failure("result", "cannot be mapped", "raise `ulimit -v`, or return less");
  if (!m_is_mapped) std::memcpy(base, m_base, written);
  m_is_mapped = true;
  m_base = static_cast<std::byte*>(base);
  m_at = m_base + written;
  m_end = m_base + after;
}

mapped_result::mapped_result(int file, std::size_t size) {
  struct stat found {};
  if (::fstat(file, &found) != 0 || static_cast<std::uint64_t>(found.st_size) < size)
    throw serialize_error("a result larger than its memory");
  if (size == 0) return;
  void* const base = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file, 0);
  if (base == MAP_FAILED) throw system::failure("result", "cannot be mapped", "raise `ulimit -v`, or return less");
  m_bytes = {static_cast<std::byte*>(base), size};
}

mapped_result::~mapped_result() {
  if (!m_bytes.empty()) ::munmap(m_bytes.data(), m_bytes.size());
}

}  // namespace tequio::detail
