// SPDX-License-Identifier: MIT
// The bytes of a small .npy file.
#pragma once

#include <string>
#include <vector>

#include "tequio/data/npy_writer.hpp"

namespace tequio::test {

template <data::npy_value Value>
[[nodiscard]] std::string npy_file(const data::npy_shape& shape, const std::vector<Value>& values) {
  return data::npy_preamble(data::npy_descriptor<Value>(), shape) +
         std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Value));
}

}  // namespace tequio::test
