// SPDX-License-Identifier: MIT
// Shared memory with a name, for programs that do not start each other; the same as Python's
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

/// How long the name of a named_memory lasts.
enum class name_lasts {
  until_destroyed,  ///< the object that made it removes it, in the process that made it
  until_removed,    ///< by unlink(), remove() or another program; a restart of the machine removes all
};

/// Options of a new named_memory.
struct named_memory_options {
  tequio::name_lasts name_lasts = name_lasts::until_destroyed;
};

/// The memory that has a name.
struct named_memory_entry {
  std::string name{};
  std::size_t size = 0;  ///< bytes
  uid_t user = 0;        ///< its owner
};

/// Memory that any program of the same user opens by its name; it is the file /dev/shm/NAME. A name may start with a
/// slash, which means nothing, and holds no other.
///
/// A maker that was killed leaves its name behind: create() then says that the name exists, list() shows it, remove()
/// removes it. The memory itself lasts until the last process that has it open has ended, also without a name.
///
/// With Python:  SharedMemory(name='NAME') opens what was made here, and open("NAME") what Python made. Python before
///               3.13 counts opened memory as its own, and removes the name when the Python program ends. To keep it:
///                   memory = shared_memory.SharedMemory(name='NAME')
///                   resource_tracker.unregister('/NAME', 'shared_memory')   # from multiprocessing
/// Errors:  error naming the memory and the cure: the name is taken, missing or invalid, the size is 0, memory or
///          permission is missing. Memory is committed before it is mapped, so a full /dev/shm is an error and never a
///          SIGBUS, also for memory that Python made and did not touch.
/// Safety:  it has no lock: put a std::atomic into it, or let one program write. A program that may open it may also
///          make it smaller; then a touch behind its end ends the process.
class named_memory {
 public:
  /// Makes memory of `size` zero bytes, for its user only (0600). It appears under its name when it is complete.
  [[nodiscard]] static named_memory create(std::string_view name, std::size_t size, named_memory_options options = {});
  /// Opens memory that exists; this object does not remove the name.
  [[nodiscard]] static named_memory open(std::string_view name);
  /// Opens memory of at least `size` bytes, or makes it; created() tells which.
  [[nodiscard]] static named_memory open_or_create(std::string_view name, std::size_t size,
                                                   named_memory_options options = {});

  /// Removes a name; a process that has the memory open keeps it.
  ///
  /// @return false where there was no such name.
  static bool remove(std::string_view name);
  /// All named memory that this user may see, sorted by name.
  [[nodiscard]] static std::vector<named_memory_entry> list();

  named_memory(named_memory&& other) noexcept;
  named_memory& operator=(named_memory&& other) noexcept;
  named_memory(const named_memory&) = delete;
  named_memory& operator=(const named_memory&) = delete;
  ~named_memory();

  /// The name without a slash, as Python's `.name`.
  [[nodiscard]] const std::string& name() const noexcept { return m_name; }
  [[nodiscard]] std::size_t size() const noexcept { return m_bytes.size(); }
  [[nodiscard]] std::span<std::byte> bytes() const noexcept { return m_bytes; }
  /// Whether this object made it.
  [[nodiscard]] bool created() const noexcept { return m_created; }

  /// All items that fit behind `offset` bytes, as `numpy.ndarray((n,), dtype, memory.buf, offset)`.
  ///
  /// Errors:  error where the offset lies outside, or is no multiple of the item's alignment.
  template <class T>
  [[nodiscard]] std::span<T> as(std::size_t offset = 0) const {
    static_assert(shareable<T>,
                  "tequio: what lies in named memory must be readable byte by byte in any program, and be no pointer");
    const std::span<std::byte> bytes = checked(offset, alignof(T));
    return {reinterpret_cast<T*>(bytes.data()), bytes.size() / sizeof(T)};
  }

  /// Removes the name now, if it is still this memory's; a process that has the memory open keeps it.
  void unlink() noexcept;

 private:
  named_memory(std::string name, std::span<std::byte> bytes, bool created, ino_t file) noexcept;
  static named_memory map(std::string name, int file, std::size_t size, bool created);
  [[nodiscard]] std::span<std::byte> checked(std::size_t offset, std::size_t alignment) const;
  void close() noexcept;

  std::string m_name;
  std::span<std::byte> m_bytes;
  bool m_created;
  ino_t m_file;          // so that other memory of the same name is not removed
  pid_t m_unlinker = 0;  // the process whose object removes the name
};

}  // namespace tequio
