// SPDX-License-Identifier: MIT
#include "workers/spawn_record.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <span>

#include "system/spawned_image.hpp"
#include "workers/result_file.hpp"

namespace tequio::detail {
namespace {

std::string text_behind_mark(int file) {
  struct stat found {};
  ::fstat(file, &found);
  return read_from(file, record_mark.size(), static_cast<std::uint64_t>(found.st_size));
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

spawn_record read_spawn_record(const descriptor& file) {
  const std::string bytes = text_behind_mark(file.number());
  spawn_record record;
  reader in{std::as_bytes(std::span(bytes))};
  in(record);
  return record;
}

void write_error(const descriptor& file, std::string_view what) noexcept {
  static_cast<void>(!::ftruncate(file.number(), 0));
  static_cast<void>(!::pwrite(file.number(), what.data(), what.size(), error_mark.size()));
  // written last: behind the mark the text is complete
  static_cast<void>(!::pwrite(file.number(), error_mark.data(), error_mark.size(), 0));
}

std::optional<std::string> error_in(const parents_descriptor& file) {
  if (!begins_with(file.number(), error_mark)) return std::nullopt;
  return text_behind_mark(file.number());
}

}  // namespace tequio::detail
