// SPDX-License-Identifier: MIT
#include "output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <span>
#include <system_error>
#include <utility>

#include "say.hpp"
#include "tequio/error.hpp"
#include "usage_error.hpp"

namespace tequio::tool {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t piece_bytes = std::size_t{1} << 20;
constexpr const char* elsewhere = "choose another place with -o";

descriptor checked(int number, const std::string& object) {
  if (number < 0)
    throw error({.object = object,
                 .problem = "cannot be written",
                 .cure = elsewhere,
                 .code = {errno, std::generic_category()}});
  return descriptor(number);
}

/// The file that is to be replaced: where a link leads, so that the link stays one.
std::string behind_links(const std::string& path) {
  std::error_code failed;
  const fs::path target = fs::is_symlink(path, failed) ? fs::weakly_canonical(path, failed) : fs::path(path);
  return failed ? path : target.string();
}

}  // namespace

void refuse_own_source(const std::string& path, std::span<const data::source> sources) {
  std::error_code ignored;
  if (path.empty() || !fs::is_regular_file(path, ignored)) return;
  for (const data::source& from : sources)
    if (!data::is_url(from.address) && fs::equivalent(path, from.address, ignored))
      throw usage_error({.object = path,
                         .problem = "is also a source, which the result would destroy",
                         .cure = "name another file with -o"});
}

output::output(std::string path) : m_path(std::move(path)) {
  std::error_code ignored;
  if (m_path.empty()) {
    m_path = "standard output";
    m_device = checked(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1), m_path);
    return;
  }
  const fs::file_status there = fs::status(m_path, ignored);
  if (fs::is_directory(there))
    throw error({.object = m_path, .problem = "is a directory", .cure = "name a file in it with -o"});
  if (fs::is_other(there))
    m_device = checked(::open(m_path.c_str(), O_WRONLY | O_CLOEXEC), m_path);
  else
    m_file.emplace(behind_links(m_path));
}

bool output::takes(job_end end, const job_words& words) const {
  if (!m_file || end == job_end::complete) return true;
  if (end == job_end::all_failed)
    say("{}: not written, as no {} could be {}", m_path, words.item, words.done);
  else
    say("{}: not written, as the result is not complete", m_path);
  return false;
}

void output::write(std::string_view text) {
  m_pending += text;
  if (m_pending.size() >= piece_bytes) flush();
}

void output::flush() {
  const std::string pending = std::exchange(m_pending, {});
  const auto bytes = std::as_bytes(std::span(pending));
  if (m_file) return m_file->write(bytes);
  if (m_reader_left) return;
  try {
    write_full(m_device, bytes, m_path);
  } catch (const error& failed) {
    m_reader_left = failed.code() == std::errc::broken_pipe;
    if (!m_reader_left)
      throw error({.object = m_path, .problem = "cannot be written", .cure = elsewhere, .code = failed.code()});
  }
}

void output::finish() {
  flush();
  if (m_file) m_file->commit();
}

}  // namespace tequio::tool
