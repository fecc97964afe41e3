// SPDX-License-Identifier: MIT
#include "workers/spawn_record.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <span>
#include <utility>

#include "system/spawned_image.hpp"
#include "system/system.hpp"
#include "tequio/worker_main.hpp"
#include "workers/child_record.hpp"
#include "workers/print_lock_page.hpp"
#include "workers/result_file.hpp"

namespace tequio::detail {
namespace {

std::string rest_of(int file) {
  struct stat found {};
  ::fstat(file, &found);
  return read_from(file, record_mark.size(), static_cast<std::uint64_t>(found.st_size));
}

void keep_from_children(int file) noexcept { ::fcntl(file, F_SETFD, FD_CLOEXEC); }

[[noreturn]] void live_from(const spawn_record& record) {
  for (const arena::whereabouts& place : record.arenas) {
    keep_from_children(place.file);
    arena::attach(place);
  }
  if (record.print_lock_page != -1) print_lock_page::attach(record.print_lock_page);
  take_over(record.streams);
  for (const int number : {record.result_file, record.streams.out, record.streams.error}) keep_from_children(number);
  reader call{std::as_bytes(std::span(record.call))};
  const child_task task{.call = &call,
                        .run = reinterpret_cast<child_task::runner>(code_at(record.run_written)),
                        .wants_token = record.wants_token,
                        .value_bytes = record.value_bytes,
                        .value_alignment = record.value_alignment,
                        .is_serialised = record.is_serialised};
  auto* const base = reinterpret_cast<std::byte*>(record.record);  // NOLINT(performance-no-int-to-ptr): the same here
  require_in_arena(base, sizeof(child_record));
  const child_record_memory memory(task, base);
  static const worker_identity self = memory.identity(record.name, record.number);
  take_identity(self);
  live_as_child(task, memory, record.result_file);
}

}  // namespace

spawn_setting write_spawn_record(const descriptor& file, const spawn_record& record) {
  buffer_writer bytes;
  bytes(record);
  write_full(file, std::as_bytes(std::span(record_mark)), "spawn record");
  write_full(file, bytes.written(), "spawn record");
  spawn_setting setting{.files = {file.number(), record.lifeline},
                        .variable = image_variable(file.number(), record.arenas.size())};
  for (const int number : {record.result_file, record.streams.out, record.streams.error, record.print_lock_page})
    if (number != -1) setting.files.push_back(number);
  for (const arena::whereabouts& place : record.arenas) setting.files.push_back(place.file);
  return setting;
}

std::optional<std::string> error_in(const parents_descriptor& file) {
  if (!begins_with(file.number(), error_mark)) return std::nullopt;
  return rest_of(file.number());
}

}  // namespace tequio::detail

namespace tequio {

void worker_main(int, char**) {
  using namespace detail;
  const int number = inherited_file();
  forget_inherited_file();
  if (number == -1) return;
  keep_from_children(number);
  const descriptor file(number);
  try {
    const std::string bytes = rest_of(number);
    spawn_record record;
    reader in{std::as_bytes(std::span(bytes))};
    in(record);
    keep_from_children(record.lifeline);
    static const descriptor lifeline(record.lifeline);  // open as long as this process lives
    ::signal(SIGINT, SIG_IGN);
    tie_to(lifeline, false);
    live_from(record);
  } catch (const std::exception& refused) {
    const std::string text = std::string(error_mark) + refused.what();
    static_cast<void>(!::ftruncate(number, 0));
    static_cast<void>(!::pwrite(number, text.data(), text.size(), 0));
    ::_exit(1);
  }
}

}  // namespace tequio
