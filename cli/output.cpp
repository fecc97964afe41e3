// SPDX-License-Identifier: MIT
#include "output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

#include "say.hpp"
#include "tequio/error.hpp"
#include "usage_error.hpp"

namespace tequio::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t piece_bytes = std::size_t{1} << 20;
constexpr std::string_view standard_output = "-";
constexpr const char* elsewhere = "choose another place with -o";

descriptor checked(int number, const std::string& object) {
  if (number < 0)
    throw error({.object = object,
                 .problem = "cannot be written",
                 .cure = elsewhere,
                 .code = {errno, std::generic_category()}});
  return descriptor(number);
}

/// An open descriptor that a name leads to.
struct descriptor_name {
  fs::path path{};            // as /proc lists it: /proc/ID/fd/NUMBER
  std::optional<int> ours{};  // its number, if it is this process's
};

std::optional<int> number_in(const std::string& digits) {
  int number = 0;
  const auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool whole = wrong == std::errc() && end == digits.data() + digits.size();
  return whole ? std::optional(number) : std::nullopt;
}

/// /dev/stdout, /dev/fd/3, /proc/self/fd/3 and links to them name a descriptor, whatever file is behind it.
std::optional<descriptor_name> descriptor_named(fs::path path) {
  constexpr int most_links = 40;  // as many as the system follows
  std::error_code failed;
  for (int links = 0; links <= most_links; ++links) {
    const fs::path folder = fs::canonical(path.has_parent_path() ? path.parent_path() : ".", failed);
    if (failed) return std::nullopt;
    path = folder / path.filename();
    const std::optional<int> number = number_in(path.filename());
    if (number && folder.filename() == "fd" && folder.string().starts_with("/proc/")) {
      const std::string own = fs::canonical("/proc/self", failed).string() + "/";
      return descriptor_name{path, folder.string().starts_with(own) ? number : std::nullopt};
    }
    if (!fs::is_symlink(path, failed)) return std::nullopt;
    path = folder / fs::read_symlink(path, failed);
  }
  return std::nullopt;
}

/// A copy of a descriptor that this process was given: the place in the file behind it is shared, and appending stays.
descriptor copy_of(int number, const std::string& object) {
  const int access = ::fcntl(number, F_GETFL);
  // the descriptors of the tool itself are close-on-exec, so this one was not given
  const bool given = access != -1 && (::fcntl(number, F_GETFD) & FD_CLOEXEC) == 0;
  if (!given || (access & O_ACCMODE) == O_RDONLY) {
    errno = EBADF;
    return checked(-1, object);
  }
  return checked(::fcntl(number, F_DUPFD_CLOEXEC, STDERR_FILENO + 1), object);
}

/// The file that is to be replaced: where a link leads, so that the link stays one.
std::string behind_links(const std::string& path) {
  std::error_code failed;
  const fs::path target = fs::is_symlink(path, failed) ? fs::weakly_canonical(path, failed) : fs::path(path);
  return failed ? path : target.string();
}

}  // namespace

void refuse_own_source(const std::string& name, std::span<const data::source> sources) {
  const bool is_standard = name.empty() || name == standard_output;
  const std::string path = is_standard ? "/dev/stdout" : name;
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return;
  for (const data::source& from : sources)
    if (!data::is_url(from.address) && fs::equivalent(path, from.address, ignored))
      throw usage_error({.object = name.empty() ? "standard output" : name,
                         .problem = "is also a source, which the result would destroy",
                         .cure = "name another file with -o"});
}

output::output(std::string path) : m_path(std::move(path)) {
  if (m_path.empty() || m_path == standard_output) {
    m_path = "standard output";
    m_device = checked(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1), m_path);
    return;
  }
  if (const auto named = descriptor_named(m_path)) {
    // another process goes on writing to the file behind its descriptor: the result comes after its output
    m_device = named->ours ? copy_of(*named->ours, m_path)
                           : checked(::open(named->path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC), m_path);
    return;
  }
  std::error_code ignored;
  const fs::file_status there = fs::status(m_path, ignored);
  if (fs::is_directory(there))
    throw error({.object = m_path, .problem = "is a folder", .cure = "name a file in it with -o"});
  if (fs::is_other(there))
    m_device = checked(::open(m_path.c_str(), O_WRONLY | O_CLOEXEC), m_path);
  else
    m_file.emplace(behind_links(m_path));
}

bool output::takes(run_end end, const job_words& words) const {
  if (!m_file || end == run_end::complete) return true;
  if (end == run_end::all_failed)
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

}  // namespace tequio::cli
