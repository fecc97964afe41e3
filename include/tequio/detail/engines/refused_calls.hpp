// SPDX-License-Identifier: MIT
// The calls of an engine with arguments in the wrong places or of the wrong types: each is refused in one sentence.
// Without them the compiler would list every call and the reason why it does not fit.
#pragma once

#include "tequio/detail/base/refused.hpp"

namespace tequio::detail {

/// The options of every call, with a value of any type for each.
struct any_options {
  anything chunk{};
  anything ahead{};
  anything timeout{};
  anything retries{};
  anything on_error{};
  anything progress{};
  anything stop{};
  anything grace{};
};

/// The base of map_calls, whose own calls are preferred wherever they fit.
template <class Engine>
class refused_calls {
 public:
// the variable arguments: the types of those that follow the items and the options
#define TEQUIO_REFUSE_CALL(call, usage, ...)                                                                       \
  static refused call(anything, __VA_ARGS__, anything = {}) { /* items no range; options of a type, misplaced */   \
    static_assert(never<Engine>, "tequio: " #call " takes " usage);                                                \
    return {};                                                                                                     \
  }                                                                                                                \
  static refused call(anything, __VA_ARGS__, const any_options&) {                                                 \
    static_assert(never<Engine>, "tequio: options stand between items and callable: " #call " takes " usage);      \
    return {};                                                                                                     \
  }                                                                                                                \
  static refused call(const any_options&, anything, __VA_ARGS__) {                                                 \
    static_assert(never<Engine>, "tequio: options stand between items and callable: " #call " takes " usage);      \
    return {};                                                                                                     \
  }                                                                                                                \
  static refused call(anything, const any_options&, __VA_ARGS__) {                                                 \
    static_assert(never<Engine>,                                                                                   \
                  "tequio: these options do not fit: a time has a unit, such as `.timeout = 30s`; a stream takes " \
                  "stream_options, with `ahead`, and every other call map_options, with `chunk`");                 \
    return {};                                                                                                     \
  }

#define TEQUIO_MAP_USAGE "a range of items, then map_options if any, then the callable: (items, {.retries = 2}, f)"
#define TEQUIO_STREAM_USAGE \
  "a range of items, then stream_options if any, then the callable: (items, {.ahead = 100}, f)"
  TEQUIO_REFUSE_CALL(map, TEQUIO_MAP_USAGE, anything)
  TEQUIO_REFUSE_CALL(try_map, TEQUIO_MAP_USAGE, anything)
  TEQUIO_REFUSE_CALL(for_each, TEQUIO_MAP_USAGE, anything)
  TEQUIO_REFUSE_CALL(stream, TEQUIO_STREAM_USAGE, anything)
  TEQUIO_REFUSE_CALL(stream_unordered, TEQUIO_STREAM_USAGE, anything)
  TEQUIO_REFUSE_CALL(try_stream, TEQUIO_STREAM_USAGE, anything)
  TEQUIO_REFUSE_CALL(try_stream_unordered, TEQUIO_STREAM_USAGE, anything)
  TEQUIO_REFUSE_CALL(reduce,
                     "a range with random access, such as a std::vector, then map_options if any, an initial value, "
                     "the operation: (items, {.retries = 2}, 0.0, std::plus<>{})",
                     anything, anything)
  TEQUIO_REFUSE_CALL(transform_reduce,
                     "a range with random access, such as a std::vector, then map_options if any, an initial value, "
                     "the operation, the transform: (items, {.retries = 2}, 0.0, std::plus<>{}, f)",
                     anything, anything, anything)
#undef TEQUIO_STREAM_USAGE
#undef TEQUIO_MAP_USAGE
#undef TEQUIO_REFUSE_CALL
};

}  // namespace tequio::detail
