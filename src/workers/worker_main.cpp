// SPDX-License-Identifier: MIT
#include "tequio/worker_main.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <span>

#include "system/spawned_image.hpp"
#include "workers/child_record.hpp"
#include "workers/print_lock_page.hpp"
#include "workers/spawn_record.hpp"

namespace tequio {
namespace detail {
namespace {

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
}  // namespace detail

void worker_main(int, char**) {
  using namespace detail;
  const descriptor file(inherited_file());
  forget_inherited_file();
  if (!file) return;
  keep_from_children(file.number());
  try {
    const spawn_record record = read_spawn_record(file);
    keep_from_children(record.lifeline);
    static const descriptor lifeline(record.lifeline);  // open as long as this process lives
    ::signal(SIGINT, SIG_IGN);
    tie_to(lifeline, false);
    live_from(record);
  } catch (const std::exception& refused) {
    write_error(file, refused.what());
    ::_exit(1);
  }
}

}  // namespace tequio
