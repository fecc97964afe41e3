// SPDX-License-Identifier: MIT
#include "system/spawned_image.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <cstring>

#include "tequio/error.hpp"

namespace tequio::detail {
namespace {

constexpr const char* variable = "TEQUIO_WORKER";

struct inheritance {
  int file = -1;
  std::size_t arenas = 0;
};

// "file,arenas"
inheritance inherited() noexcept {
  const char* const text = ::secure_getenv(variable);
  if (text == nullptr) return {};
  const char* const end = text + std::strlen(text);
  inheritance found;
  const auto [comma, problem] = std::from_chars(text, end, found.file);
  if (problem != std::errc() || comma == end || *comma != ',') return {};
  if (std::from_chars(comma + 1, end, found.arenas).ptr != end) return {};
  return begins_with(found.file, record_mark) ? found : inheritance{};
}

}  // namespace

bool begins_with(int file, std::string_view wanted) noexcept {
  char found[record_mark.size()]{};
  return ::pread(file, found, sizeof found, 0) == static_cast<ssize_t>(sizeof found) &&
         std::string_view(found, sizeof found) == wanted;
}

std::string image_variable(int file, std::size_t arenas) { return fmt::format("{}={},{}", variable, file, arenas); }

int inherited_file() noexcept { return inherited().file; }

std::size_t arenas_to_come() noexcept { return inherited().arenas; }

void forget_inherited_file() noexcept { ::unsetenv(variable); }

void require_worker_main_called() {
  static const bool not_called = inherited_file() != -1;  // worker_main() has removed it if it was called at all
  if (not_called)
    throw error({.object = "process",
                 .problem = "this image of the program was started to become a process, but goes on as the program",
                 .cure = "call tequio::worker_main(argc, argv) first in main()"});
}

}  // namespace tequio::detail
