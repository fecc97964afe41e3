// SPDX-License-Identifier: MIT
// Shared memory with a name, for programs that do not start each other: interchangeable with Python's
// multiprocessing.shared_memory.SharedMemory. Between a program and its own workers use shared_array, which needs no
// name and leaves nothing behind.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tequio/error.hpp"
#include "tequio/shareable.hpp"

namespace tequio {

/// How long the name of a named_memory stays.
enum class name_lasts {
  until_destroyed,  ///< the object that made it removes it, in the process that made it
  until_removed,    ///< by unlink(), remove() or another program; at the latest by a restart of the machine
};

/// Options of a named_memory that is made.
struct named_memory_options {
  tequio::name_lasts name_lasts = name_lasts::until_destroyed;
};

/// What there is under a name.
struct named_memory_entry {
  std::string name{};
  std::size_t size = 0;  ///< bytes
  uid_t user = 0;        ///< whose it is
};

/// Memory that any program of the same user opens by its name; here it is /dev/shm/NAME. Names may start with a slash,
/// which says nothing, and hold none else.
///
/// A maker that was killed leaves its name behind: create() then says that the name exists, list() shows it, remove()
/// removes it. The memory itself lasts until the last process that has it open is gone, whoever removed the name.
///
/// With Python:  SharedMemory(name='NAME') opens what was made here, and open("NAME") what Python made. Python before 3.13
///               counts an opened one as its own, and removes the name when that Python program ends. To keep it:
///                   memory = shared_memory.SharedMemory(name='NAME')
///                   resource_tracker.unregister('/NAME', 'shared_memory')   # from multiprocessing
/// Errors:  error naming the memory and the cure: the name is taken or missing or cannot be one, the size is none, there
///          is not enough memory, no permission. Memory is there before it is mapped, so a full /dev/shm is an error and
///          never a SIGBUS, also for memory that Python made and did not touch.
/// Safety:  nothing in it is locked; put a std::atomic into it, or agree on who writes. Who may open it could also make it
///          smaller: a touch of what is gone ends the process.
class named_memory {
 public:
  /// Makes one of `size` zero bytes, for its user only (0600). It appears under its name at once and complete.
  [[nodiscard]] static named_memory create(std::string_view name, std::size_t size, named_memory_options options = {});
  /// Opens what there is; this object leaves the name alone when it is destroyed.
  [[nodiscard]] static named_memory open(std::string_view name);
  /// Opens what there is, of at least `size` bytes, or else makes it; created() tells.
  [[nodiscard]] static named_memory open_or_create(std::string_view name, std::size_t size,
                                                   named_memory_options options = {});

  /// Removes a name; who has the memory open keeps it.
  ///
  /// @return false where there was none.
  static bool remove(std::string_view name);
  /// All there are that this user may see, sorted by name.
  [[nodiscard]] static std::vector<named_memory_entry> list();

  named_memory(named_memory&& other) noexcept;
  named_memory& operator=(named_memory&& other) noexcept;
  named_memory(const named_memory&) = delete;
  named_memory& operator=(const named_memory&) = delete;
  ~named_memory();

  /// Without a slash, as Python's `.name`.
  [[nodiscard]] const std::string& name() const noexcept { return m_name; }
  [[nodiscard]] std::size_t size() const noexcept { return m_bytes.size(); }
  [[nodiscard]] std::span<std::byte> bytes() const noexcept { return m_bytes; }
  /// Whether this object made it.
  [[nodiscard]] bool created() const noexcept { return m_created; }

  /// As many items as there is room for behind `offset` bytes, as `numpy.ndarray((n,), dtype, memory.buf, offset)`.
  ///
  /// Errors:  error where the offset lies outside, or not on a multiple of the item's alignment.
  template <class T>
  [[nodiscard]] std::span<T> as(std::size_t offset = 0) const {
    static_assert(shareable<T>,
                  "tequio: what lies in named memory must be readable byte by byte in any program, and be no pointer");
    const std::span<std::byte> bytes = checked(offset, alignof(T));
    return {reinterpret_cast<T*>(bytes.data()), bytes.size() / sizeof(T)};
  }

  /// Removes the name now, if it is still this memory's; the memory stays with who has it open.
  void unlink() noexcept;

 private:
  named_memory(std::string name, std::span<std::byte> bytes, bool created, ino_t file) noexcept;
  static named_memory map(std::string name, int file, std::size_t size, bool created);
  [[nodiscard]] std::span<std::byte> checked(std::size_t offset, std::size_t alignment) const;
  void close() noexcept;

  std::string m_name;
  std::span<std::byte> m_bytes;
  bool m_created;
  ino_t m_file;          // so that another's memory of the same name is not removed
  pid_t m_unlinker = 0;  // the process whose object removes the name
};

}  // namespace tequio
