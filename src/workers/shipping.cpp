// SPDX-License-Identifier: MIT
#include "tequio/detail/workers/shipping.hpp"

#include <elf.h>
#include <link.h>

#include <cstddef>
#include <cstring>

#include "tequio/detail/memory/arena.hpp"
#include "tequio/error.hpp"

namespace tequio::detail {
namespace {

// The GNU build-id in the notes of a program or library; empty where it was linked without one.
std::string build_id_of(const dl_phdr_info& module) {
  for (int i = 0; i < module.dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = module.dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): where it was loaded
    const auto* at = reinterpret_cast<const char*>(module.dlpi_addr + segment.p_vaddr);
    const auto* const end = at + segment.p_memsz;
    while (static_cast<std::size_t>(end - at) > sizeof(ElfW(Nhdr))) {
      const auto* const note = reinterpret_cast<const ElfW(Nhdr)*>(at);
      const char* const name = at + sizeof *note;
      const char* const content = name + (note->n_namesz + 3) / 4 * 4;
      if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 && std::memcmp(name, "GNU", 4) == 0)
        return std::string(content, note->n_descsz);
      at = content + (note->n_descsz + 3) / 4 * 4;
    }
  }
  return {};
}

bool holds_code(const dl_phdr_info& module, std::uint64_t offset) {
  for (int i = 0; i < module.dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = module.dlpi_phdr[i];
    if (segment.p_type == PT_LOAD && (segment.p_flags & PF_X) != 0 && offset >= segment.p_vaddr &&
        offset - segment.p_vaddr < segment.p_memsz)
      return true;
  }
  return false;
}

// Calls `visit` for each loaded program or library, until it returns true.
template <class Visit>
bool any_module(Visit visit) {
  return ::dl_iterate_phdr([](dl_phdr_info* module, std::size_t,
                              void* each) { return (*static_cast<Visit*>(each))(*module) ? 1 : 0; },
                           &visit) != 0;
}

}  // namespace

code_place place_of(any_function code) {
  code_place place;
  const bool found = any_module([&](const dl_phdr_info& module) {
    const std::uint64_t offset = reinterpret_cast<std::uintptr_t>(code) - module.dlpi_addr;
    if (!holds_code(module, offset)) return false;
    place = {build_id_of(module), offset};
    return true;
  });
  if (!found || place.build_id.empty())
    throw error({.object = "callable",
                 .problem = found ? "its program was linked without a build-id, by which a fresh image is known to be "
                                    "the same program"
                                  : "lies in no program or library",
                 .cure = found ? "link with -Wl,--build-id, or start the process by fork" : ""});
  return place;
}

any_function code_at(const code_place& place) {
  any_function code = nullptr;
  bool known = false;
  any_module([&](const dl_phdr_info& module) {
    if (place.build_id.empty() || build_id_of(module) != place.build_id) return false;
    known = true;
    if (holds_code(module, place.offset))
      // NOLINTNEXTLINE(performance-no-int-to-ptr): an address is what is meant
      code = reinterpret_cast<any_function>(module.dlpi_addr + place.offset);
    return true;
  });
  if (code == nullptr)
    throw error(
        {.object = "callable",
         .problem = known ? "lies outside of the program's code"
                          : "comes from another build of the program, or from a library that is not loaded",
         .cure = "start the program anew after it was built, and load the same libraries before worker_main()"});
  return code;
}

void require_in_arena(const void* address, std::size_t size) {
  const auto* const first = static_cast<const std::byte*>(address);
  static_cast<void>(arena::of(first));
  static_cast<void>(arena::of(first + size - 1));
}

}  // namespace tequio::detail
