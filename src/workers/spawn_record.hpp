// SPDX-License-Identifier: MIT
// The message that turns a spawned image of the program into a process: a record in a file that the image inherits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tequio/descriptor.hpp"
#include "tequio/detail/memory/arena.hpp"
#include "tequio/detail/workers/shipping.hpp"
#include "workers/child_output.hpp"
#include "workers/child_start.hpp"

namespace tequio::detail {

/// All that a spawned image needs.
struct spawn_record {
  code_place run_written{};
  std::string name{};
  std::uint64_t number = 0;
  bool wants_token = false;
  bool is_serialised = false;
  std::uint64_t value_bytes = 0;
  std::uint64_t value_alignment = 1;
  std::uintptr_t record = 0;  ///< address of the child_record
  std::vector<arena::whereabouts> arenas{};
  int lifeline = -1;
  int result_file = -1;  ///< -1: the result is not serialised
  output_streams streams{};
  int print_lock_page = -1;
  std::vector<std::byte> call{};
};

/// Writes the record, for the image that is started with the result.
[[nodiscard]] spawn_setting write_spawn_record(const descriptor& file, const spawn_record& record);
/// In the image: the record that its parent has written.
///
/// Errors:  serialize_error where the file holds none.
[[nodiscard]] spawn_record read_spawn_record(const descriptor& file);

/// In the image: why it cannot use its child_record, in the place of the record.
void write_error(const descriptor& file, std::string_view what) noexcept;
/// What the image has written as its error; nothing where it has written none.
[[nodiscard]] std::optional<std::string> error_in(const parents_descriptor& file);

}  // namespace tequio::detail
