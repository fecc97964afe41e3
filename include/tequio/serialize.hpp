// SPDX-License-Identifier: MIT
// Values as bytes, to cross from one process to another of the same program.
// Numbers, enums, strings, all standard containers and their adaptors, optional, variant, tuple, unique_ptr, bitset,
// complex, path, chrono, error_code and aggregates of these need no code. Any other class needs a function beside it,
// `template <class Archive> void serialize(Archive& archive, T& value)`, which calls archive(value.a, value.b).
// Bytes that are read are checked like a file: lengths, tags, ends, depth.
#pragma once

#include "tequio/detail/base/archive.hpp"
#include "tequio/detail/base/serialize_value.hpp"
