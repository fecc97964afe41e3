// SPDX-License-Identifier: MIT
// Sample data: many .npy files of normally distributed doubles, file_0.npy, file_1.npy, ...
// Use plan_npy() to see what will be made and make_npy() for each of them, in any order, by any workers.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tequio/error.hpp"

namespace tequio::jobs {

/// What to make: by default 10,000 files of 1,000 doubles, 81 MB in all.
struct npy_samples {
  std::uint64_t count = 10'000;
  std::vector<std::uint64_t> shape{1'000};
  std::uint64_t seed = 2020;
  double mean = 0;
  double deviation = 1;
};

/// One file of a plan.
struct planned_npy {
  std::uint64_t index = 0;
  std::string name{};
  std::uint64_t bytes = 0;
};

/// The files that make_npy() will make, in order of their index.
///
/// Errors:  error when the shape has more than 64 axes or holds more bytes than a file can.
[[nodiscard]] std::vector<planned_npy> plan_npy(const npy_samples& samples);

/// Makes file `index` in `directory`, replacing it in one step when it is there.
///
/// @return its bytes.
/// Shapes:  file: samples.shape, C order, little-endian doubles.
/// Blocks:  until it is written; 64 KiB of memory whatever the shape.
/// Errors:  error naming the file: no such directory, no permission, no space. Nothing is left behind.
/// Safety:  callable from any thread or process, for different files at once.
/// Exact:   the same bytes for the same samples and index, on any machine.
std::uint64_t make_npy(const std::filesystem::path& directory, const npy_samples& samples, std::uint64_t index);

}  // namespace tequio::jobs
