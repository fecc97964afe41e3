// SPDX-License-Identifier: MIT
// Values as bytes, to cross from one process to another of the same program.
// Numbers, enums, strings, all standard containers and their adaptors, optional, variant, tuple, unique_ptr, bitset,
// complex, path, chrono, error_code and aggregates of these need nothing; any other class gives
// `template <class Archive> void serialize(Archive& archive, T& value)` beside itself, which calls
// archive(value.a, value.b). What is read is checked like a file: lengths, tags, ends, depth.
#pragma once

#include "tequio/detail/base/archive.hpp"
#include "tequio/detail/base/serialize_value.hpp"
