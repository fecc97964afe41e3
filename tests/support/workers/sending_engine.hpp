// SPDX-License-Identifier: MIT
// An engine as another library would add it: its workers have neither the callable nor the items of a call, and receive
// both as bytes. Underneath, the workers are those of another engine.
#pragma once

#include <cstddef>
#include <memory>

#include "tequio/detail/engines/engine_core.hpp"

namespace tequio::test {

/// The process in which the callable is applied to its items.
enum class far_end {
  same_process,   ///< made anew from bytes, in the worker
  spawned_image,  ///< a fresh image of the program for each item
};

/// An engine over the workers of another one, named "sending".
[[nodiscard]] std::unique_ptr<detail::engine_core> sending_engine(std::unique_ptr<detail::engine_core> hands,
                                                                  far_end where = far_end::same_process);

}  // namespace tequio::test
