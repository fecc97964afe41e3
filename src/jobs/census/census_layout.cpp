// SPDX-License-Identifier: MIT
#include "jobs/census/census_layout.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numeric>
#include <utility>

#include "jobs/random.hpp"

namespace tequio::jobs::census {
namespace {

/// How many localities of which kind a municipality has.
struct share_of_rows {
  std::uint32_t one = 0;
  std::uint32_t two = 0;
  std::uint32_t more = 1;  // its head

  /// The withheld localities and totals (9998, 9999); a total of one or two dwellings is withheld as well.
  [[nodiscard]] std::uint32_t masked() const { return one + two + (one == 1 || one == 2 ? 1 : 0) + (two == 1 ? 1 : 0); }
};

template <class T>
void shuffle(std::vector<T>& values, counter_random& random) {
  for (std::size_t left = values.size(); left > 1; --left)
    std::swap(values[left - 1], values[random.below(static_cast<std::uint32_t>(left))]);
}

/// Picks municipalities, some far more often than others; the first most often.
class weighted_choice {
 public:
  weighted_choice(std::size_t count, counter_random& random) {
    std::vector<std::uint32_t> weights(count);
    for (auto& weight : weights) weight = 100 + random.below(400) + random.below(30) * random.below(30);
    std::ranges::sort(weights, std::greater<>());
    m_sums.resize(count);
    std::partial_sum(weights.begin(), weights.end(), m_sums.begin());
  }

  /// One of the first `among`.
  std::size_t operator()(std::size_t among, counter_random& random) const {
    const std::uint32_t drawn = random.below(m_sums[among - 1]);
    return static_cast<std::size_t>(std::ranges::upper_bound(m_sums, drawn) - m_sums.begin());
  }

 private:
  std::vector<std::uint32_t> m_sums;
};

/// Spreads the rows over the municipalities so that every count of `state` is met exactly.
///
/// Each total of one or two dwellings starts with a single locality, both withheld; each step then withholds one row
/// more, or none, so the number asked for is reached and not passed.
std::vector<share_of_rows> spread_rows(const state_shape& state, counter_random& random) {
  std::vector<share_of_rows> all(state.municipalities);
  const weighted_choice choose(all.size(), random);
  const std::size_t with_one = state.rows_9998 - 1;
  const std::size_t with_two = state.rows_9999 - 1;
  for (std::size_t i = 0; i < with_one; ++i) all[i].one = 1;
  for (std::size_t i = 0; i < with_two; ++i) all[i].two = 1;
  std::uint32_t masked = 0;
  std::uint32_t localities = 0;
  for (const auto& part : all) {
    masked += part.masked();
    localities += part.one + part.two + part.more;
  }
  while (masked < state.masked) {
    const bool add_one = with_two == 0 || (with_one > 0 && random.below(100) < 75);
    auto& part = all[choose(add_one ? with_one : with_two, random)];
    masked -= part.masked();
    ++(add_one ? part.one : part.two);
    masked += part.masked();
    ++localities;
  }
  for (; localities < state.localities; ++localities) ++all[choose(all.size(), random)].more;
  shuffle(all, random);
  return all;
}

/// The people of all localities, most first.
///
/// The lower half rises to the median as a square, the next two fifths to the ninetieth percentile as the inverse of a
/// square, the upper tenth to the largest as a hyperbola, bent until the sum is the state's. (In Aguascalientes this
/// meets the deciles within a fifth.)
class population_curve {
 public:
  population_curve(const state_shape& state, std::uint32_t two_from, std::uint32_t one_from, counter_random& random)
      : m_state(state), m_two_from(two_from), m_one_from(one_from), m_quantiles(state.localities) {
    for (std::size_t i = 0; i < m_quantiles.size(); ++i)
      m_quantiles[i] = (static_cast<double>(i) + random.unit()) / static_cast<double>(m_quantiles.size());
    m_quantiles[0] = 0;
  }

  [[nodiscard]] std::vector<std::uint32_t> populations() const {
    double flat = 0;
    double steep = 1e9;
    for (int step = 0; step < 100; ++step) {
      const double bend = (flat + steep) / 2;
      (sum_of(all_at(bend)) > m_state.population ? flat : steep) = bend;
    }
    return corrected(all_at(steep));
  }

 private:
  static constexpr double upper = 0.1;

  static std::uint64_t sum_of(const std::vector<std::uint32_t>& all) {
    return std::accumulate(all.begin(), all.end(), std::uint64_t{0});
  }

  /// Dwellings that are lived in have someone each.
  [[nodiscard]] std::uint32_t least(std::size_t rank) const {
    return rank < m_two_from ? 3 : rank < m_one_from ? 2 : 1;
  }

  [[nodiscard]] double at(double quantile, double bend) const {
    const double median = m_state.median;
    const double ninetieth = m_state.ninetieth;
    if (quantile >= 0.5) {
      const double root = 1 + (1 - quantile) / 0.5 * (std::sqrt(median) - 1);
      return root * root;
    }
    if (quantile >= upper) {
      const double t = (0.5 - quantile) / (0.5 - upper);
      const double root = (1 - t) / std::sqrt(median) + t / std::sqrt(ninetieth);
      return 1 / (root * root);
    }
    const double t = quantile / upper;
    return ninetieth + std::max(0.0, m_state.largest - ninetieth) * (1 - t) / (1 + bend * t);
  }

  [[nodiscard]] std::vector<std::uint32_t> all_at(double bend) const {
    std::vector<std::uint32_t> all(m_quantiles.size());
    for (std::size_t rank = 0; rank < all.size(); ++rank)
      all[rank] = std::max(least(rank), static_cast<std::uint32_t>(at(m_quantiles[rank], bend)));
    return all;
  }

  /// Hands what is missing to the second largest as far as it stays the second, takes what is too much from the top.
  [[nodiscard]] std::vector<std::uint32_t> corrected(std::vector<std::uint32_t> all) const {
    std::uint64_t sum = sum_of(all);
    for (std::size_t rank = 1; rank < all.size() && sum < m_state.population; ++rank) {
      const auto room = std::min<std::uint64_t>(m_state.population - sum, all[0] - std::min(all[0], all[rank]));
      all[rank] += static_cast<std::uint32_t>(room);
      sum += room;
    }
    for (std::size_t rank = 0; rank < all.size() && sum > m_state.population; ++rank) {
      const auto excess = std::min<std::uint64_t>(sum - m_state.population, all[rank] - least(rank));
      all[rank] -= static_cast<std::uint32_t>(excess);
      sum -= excess;
    }
    all[0] += static_cast<std::uint32_t>(m_state.population - sum);
    return all;
  }

  const state_shape& m_state;
  std::uint32_t m_two_from;
  std::uint32_t m_one_from;
  std::vector<double> m_quantiles;
};

/// Hands out localities of one kind, in no order.
class deck {
 public:
  deck(std::vector<locality> cards, counter_random& random) : m_cards(std::move(cards)) { shuffle(m_cards, random); }
  locality draw() {
    const locality card = m_cards.back();
    m_cards.pop_back();
    return card;
  }

 private:
  std::vector<locality> m_cards;
};

special note_of(std::uint32_t rank, std::uint32_t end, const state_shape& state) {
  const std::uint32_t from_end = end - 1 - rank;  // the smallest have no women, those above them no figures
  const bool no_women = from_end < state.without_women;
  const bool no_births = from_end < state.without_births;
  if (no_women) return no_births ? special::no_women_no_births : special::no_women;
  if (no_births) return special::no_births;
  const std::uint32_t above = from_end - std::max(state.without_women, state.without_births);
  return above < state.not_available ? special::not_available : special::none;
}

void number_codes(municipality& place, counter_random& random) {
  constexpr std::uint32_t last_code = 9997;
  const std::uint32_t widest = std::min(4U, last_code / static_cast<std::uint32_t>(place.localities.size()));
  std::uint32_t code = 0;
  for (auto& each : place.localities) each.code = code += code == 0 ? 1 : 1 + random.below(widest);
}

}  // namespace

std::vector<municipality> lay_out(const state_shape& state, std::uint64_t seed) {
  counter_random random(seed, state.code, 0);
  const auto shares = spread_rows(state, random);
  std::uint32_t one_count = 0;
  std::uint32_t two_count = 0;
  for (const auto& share : shares) {
    one_count += share.one;
    two_count += share.two;
  }
  const std::uint32_t one_from = state.localities - one_count;
  const std::uint32_t two_from = one_from - two_count;
  const auto people = population_curve(state, two_from, one_from, random).populations();
  const auto cards = [&](std::uint32_t from, std::uint32_t to, dwellings kind) {
    std::vector<locality> some;
    for (auto rank = from; rank < to; ++rank)
      some.push_back({.population = people[rank],
                      .kind = kind,
                      .note = kind == dwellings::more ? note_of(rank, two_from, state) : special::none});
    return deck(std::move(some), random);
  };
  deck heads = cards(0, state.municipalities, dwellings::more);
  deck more = cards(state.municipalities, two_from, dwellings::more);
  deck two = cards(two_from, one_from, dwellings::two);
  deck one = cards(one_from, state.localities, dwellings::one);

  std::vector<municipality> all(shares.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::vector<locality> others;
    for (std::uint32_t n = 1; n < shares[i].more; ++n) others.push_back(more.draw());
    for (std::uint32_t n = 0; n < shares[i].two; ++n) others.push_back(two.draw());
    for (std::uint32_t n = 0; n < shares[i].one; ++n) others.push_back(one.draw());
    shuffle(others, random);
    all[i].localities = std::move(others);
    all[i].localities.insert(all[i].localities.begin(), heads.draw());
    number_codes(all[i], random);
  }
  return all;
}

}  // namespace tequio::jobs::census
