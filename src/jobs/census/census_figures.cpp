// SPDX-License-Identifier: MIT
#include "jobs/census/census_figures.hpp"

#include <algorithm>
#include <cmath>

namespace tequio::jobs::census {
namespace {

// found once
const std::size_t population = index_of("POBTOT");
const std::size_t women_count = index_of("POBFEM");
const std::size_t men_count = index_of("POBMAS");
const std::size_t sex_ratio = index_of("REL_H_M");
const std::size_t births = index_of("PROM_HNV");
const std::size_t schooling = index_of("GRAPROES");
const std::size_t schooling_women = index_of("GRAPROES_F");
const std::size_t schooling_men = index_of("GRAPROES_M");
const std::size_t all_dwellings = index_of("VIVTOT");
const std::size_t inhabited = index_of("TVIVHAB");
const std::size_t private_dwellings = index_of("TVIVPARHAB");
const std::size_t occupants = index_of("OCUPVIVPAR");
const std::size_t per_dwelling = index_of("PROM_OCUP");
const std::size_t per_room = index_of("PRO_OCUP_C");
const std::size_t class_of_size = index_of("TAMLOC");

constexpr double dwellings_per_person = 0.279;
constexpr double empty_per_inhabited = 0.247;

/// Near to normally distributed, mean 0 and deviation 1: the sum of four uniform numbers.
double deviate(counter_random& random) {
  const std::uint64_t bits = random();
  const auto sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48);
  return (static_cast<double>(sum) - 131070.0) * (1 / 37837.0);
}

/// How many of `whole` have a trait that `share` of all have.
std::uint32_t draw_part(std::uint32_t whole, double share, counter_random& random) {
  if (whole == 0) return 0;
  const double expected = whole * share;
  const double others = whole - expected;
  if (expected < 1) return static_cast<std::uint32_t>(expected + random.unit());
  if (others < 1) return whole - static_cast<std::uint32_t>(others + random.unit());
  const double drawn = expected + deviate(random) * std::sqrt(expected * (1 - share)) + 0.5;
  return static_cast<std::uint32_t>(std::clamp(drawn, 0.0, static_cast<double>(whole)));
}

/// The women of a group: as part of a larger group, it has no more women and no more men than that.
std::uint32_t draw_women(const figures& row, std::size_t place, counter_random& random) {
  const std::size_t group = wholes[place];
  const std::uint32_t drawn = draw_part(row[group], columns[place].share, random);
  if (place == women_count) return std::max<std::uint32_t>(1, drawn);
  const std::size_t larger = wholes[group];
  if (larger == group || columns[larger + 1].made_by != rule::women) return drawn;
  const std::uint32_t men = row[larger + 2];
  const std::uint32_t fewest = row[group] > men ? row[group] - men : 0;
  return std::clamp(drawn, fewest, std::min(row[group], row[larger + 1]));
}

std::uint32_t hundredths(std::uint64_t dividend, std::uint64_t divisor) {
  return divisor == 0 ? 0 : static_cast<std::uint32_t>((200 * dividend + divisor) / (2 * divisor));
}

/// A mean, in hundredths, that varies less where more people make it.
std::uint32_t draw_mean(double usual, double between_places, double between_people, std::uint32_t people,
                        counter_random& random) {
  if (people == 0) return 0;
  const double spread = between_places + between_people / std::sqrt(static_cast<double>(people));
  return static_cast<std::uint32_t>(std::max(0.0, usual + spread * deviate(random) + 0.5));
}

void draw_means(figures& row, counter_random& random) {
  row[sex_ratio] = hundredths(std::uint64_t{100} * row[men_count], row[women_count]);
  row[births] = draw_mean(220, 30, 200, row[women_count], random);
  row[schooling] = draw_mean(850, 90, 300, row[population], random);
  row[schooling_women] = draw_mean(row[schooling], 10, 150, row[women_count], random);
  row[schooling_men] = draw_mean(row[schooling], 10, 150, row[men_count], random);
  row[per_dwelling] = hundredths(row[occupants], row[private_dwellings]);
  row[per_room] = draw_mean(0.25 * row[per_dwelling], 5, 10, row[occupants], random);
}

}  // namespace

figures draw_figures(const locality& where, counter_random random) {
  figures row{};
  row[population] = where.population;
  switch (where.kind) {
    case dwellings::one:
      row[inhabited] = 1;
      break;
    case dwellings::two:
      row[inhabited] = 2;
      break;
    case dwellings::more:
      row[inhabited] = std::max<std::uint32_t>(3, draw_part(where.population, dwellings_per_person, random));
  }
  row[all_dwellings] = row[inhabited] + draw_part(row[inhabited], empty_per_inhabited, random);
  row[class_of_size] = size_class_of(where.population);

  const bool no_women = where.note == special::no_women || where.note == special::no_women_no_births;
  for (std::size_t i = 0; i < column_count; ++i) {
    const column& which = columns[i];
    const std::uint32_t whole = row[wholes[i]];
    switch (which.made_by) {
      case rule::part:
        row[i] = draw_part(whole, which.share, random);
        break;
      case rule::women:
        row[i] = no_women ? 0 : draw_women(row, i, random);
        break;
      case rule::rest:
        row[i] = whole - row[i - 1];
        break;
      default:
        break;
    }
  }
  draw_means(row, random);
  if (no_women) row[sex_ratio] = not_applicable;
  if (where.note == special::no_births || where.note == special::no_women_no_births) row[births] = not_applicable;
  return row;
}

void add(figures& total, const figures& part) {
  for (std::size_t i = 0; i < column_count; ++i) total[i] += part[i];
}

void draw_decimals(figures& total, counter_random random) { draw_means(total, random); }

std::uint32_t size_class_of(std::uint32_t people) {
  constexpr std::array<std::uint32_t, 13> from{250,    500,    1'000,   2'500,   5'000,   10'000,   15'000,
                                               30'000, 50'000, 100'000, 250'000, 500'000, 1'000'000};
  return static_cast<std::uint32_t>(std::ranges::upper_bound(from, people) - from.begin()) + 1;
}

}  // namespace tequio::jobs::census
