// SPDX-License-Identifier: MIT
// What exit() is in a forked child: the end of a copy, which runs nothing that the program registered before the fork.
#pragma once

namespace tequio::detail {

/// In the parent: makes ready what its children call. The first call of a function of the C library looks it up in all
/// libraries of the program, which each child would have to do again (15 pages, 35 µs).
void prepare_exit_handlers() noexcept;

/// In a child, before it runs anything of the program's: exit() and quick_exit() run what has been registered since,
/// and then end the process with their code; exit() writes out the streams before that.
///
/// Takes a lock of the C library that another thread may hold at the fork, so it is for the child of a single-threaded
/// parent.
///
/// @return false where there is no memory for it.
[[nodiscard]] bool keep_from_parents_exit_handlers() noexcept;

}  // namespace tequio::detail
