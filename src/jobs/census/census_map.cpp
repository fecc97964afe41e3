// SPDX-License-Identifier: MIT
#include "jobs/census/census_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace tequio::jobs::census {
namespace {

constexpr std::uint32_t hundredth_degree = 36'000;  // in thousandths of a second
constexpr std::uint32_t near_west = 8 * 60'000;     // 8 minutes of arc, some 14 km
constexpr std::uint32_t near_altitude = 120;

std::uint32_t between(std::uint32_t from, std::uint32_t to, counter_random& random) {
  return from + random.below(to - from + 1);
}

std::uint32_t near(std::uint32_t center, std::uint32_t distance, std::uint32_t from, std::uint32_t to,
                   counter_random& random) {
  const std::uint32_t low = center > from + distance ? center - distance : from;
  return between(low, std::min(center + distance, to), random);
}

struct angle {
  std::uint32_t degrees;
  std::uint32_t minutes;
  std::uint32_t seconds;
  std::uint32_t thousandths;

  explicit angle(std::uint32_t value)
      : degrees(value / 3'600'000),
        minutes(value / 60'000 % 60),
        seconds(value / 1000 % 60),
        thousandths(value % 1000) {}
};

void append_altitude(std::string& text, std::uint32_t altitude, height kind) {
  const auto out = std::back_inserter(text);
  switch (kind) {
    case height::above_sea:
      fmt::format_to(out, "{:04}", altitude);
      break;
    case height::below_sea:
      fmt::format_to(out, "-{:03}", altitude % 12 + 1);
      break;
    case height::below_sea_padded:
      fmt::format_to(out, "00-{}", altitude % 9 + 1);
      break;
  }
}

}  // namespace

spot draw_spot(const frame& state, counter_random& random) {
  return {.west = between(state.west_from * hundredth_degree, state.west_to * hundredth_degree, random),
          .north = between(state.north_from * hundredth_degree, state.north_to * hundredth_degree, random),
          .altitude = between(state.altitude_from, state.altitude_to, random)};
}

spot draw_spot_near(const spot& center, const frame& state, counter_random& random) {
  return {.west = near(center.west, near_west, state.west_from * hundredth_degree, state.west_to * hundredth_degree,
                       random),
          .north = near(center.north, near_west, state.north_from * hundredth_degree, state.north_to * hundredth_degree,
                        random),
          .altitude = near(center.altitude, near_altitude, state.altitude_from, state.altitude_to, random)};
}

void append_spot(std::string& text, const spot& where, height kind) {
  const angle west(where.west);
  const angle north(where.north);
  fmt::format_to(std::back_inserter(text), R"("{:3}°{:02}'{:02}.{:03}"" W","{:02}°{:02}'{:02}.{:03}"" N",)",
                 west.degrees, west.minutes, west.seconds, west.thousandths, north.degrees, north.minutes,
                 north.seconds, north.thousandths);
  append_altitude(text, where.altitude, kind);
}

}  // namespace tequio::jobs::census
