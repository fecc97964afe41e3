// SPDX-License-Identifier: MIT
// Reads an input to its end, in pieces of any size; and the words of an error.
#pragma once

#include <span>
#include <string>

#include "tequio/data/input.hpp"
#include "tequio/error.hpp"

namespace tequio::test {

[[nodiscard]] inline std::string read_all(data::input& from, std::size_t piece_bytes = 64 * 1024) {
  std::string all;
  std::string piece(piece_bytes, '\0');
  while (const std::size_t count = from.read(std::as_writable_bytes(std::span(piece)))) all.append(piece, 0, count);
  return all;
}

/// The words of the error that `action` throws, or "no error".
template <class Action>
[[nodiscard]] std::string message_of(Action action) {
  try {
    action();
  } catch (const error& failure) {
    return failure.what();
  }
  return "no error";
}

}  // namespace tequio::test
