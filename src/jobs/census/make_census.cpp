// SPDX-License-Identifier: MIT
// A state is gone through twice: once to add up its totals, which come first in the file, once to write it.
#include "tequio/jobs/make_census.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "jobs/census/census_figures.hpp"
#include "jobs/census/census_layout.hpp"
#include "jobs/census/census_lines.hpp"
#include "jobs/census/census_map.hpp"
#include "jobs/census/census_names.hpp"
#include "jobs/census/census_states.hpp"
#include "jobs/random.hpp"
#include "jobs/zip_writer.hpp"
#include "tequio/error.hpp"

namespace tequio::jobs {
namespace {

using namespace census;

constexpr std::uint32_t one_dwelling_code = 9998;
constexpr std::uint32_t two_dwellings_code = 9999;
constexpr std::size_t text_bytes_at_once = std::size_t{1} << 16;
constexpr std::size_t localities_per_hollow = 400;  // of a state with a coast; one of these lies below the sea

/// What a random sequence is for, part of its key; the layout's has 0 there.
enum class topic : std::uint8_t { figures = 1, totals, municipality, place };

/// The totals of a municipality, or of the state.
struct totals {
  figures all{};
  figures one_dwelling{};
  figures two_dwellings{};

  void add(const locality& where, const figures& row) {
    census::add(all, row);
    if (where.kind == dwellings::one) census::add(one_dwelling, row);
    if (where.kind == dwellings::two) census::add(two_dwellings, row);
  }
};

/// Writes one state's table; municipality 0 is the state itself.
class state_table {
 public:
  state_table(const state_shape& state, std::uint64_t seed)
      : m_state(state), m_seed(seed), m_municipalities(lay_out(state, seed)), m_totals(m_municipalities.size() + 1) {
    add_up();
    draw_names();
  }

  /// Writes all lines; returns their bytes and count.
  made_state write(zip_writer& zip) {
    append_header(m_text);
    write_total(0);
    write_few_dwellings(0);
    for (std::size_t i = 1; i <= m_municipalities.size(); ++i) {
      write_total(i);
      auto near = random(topic::municipality, i, 1);
      const spot center = draw_spot(m_state.place, near);
      for (const auto& each : m_municipalities[i - 1].localities) {
        write_locality(i, each, center);
        if (m_text.size() >= text_bytes_at_once) flush(zip);
      }
      write_few_dwellings(i);
    }
    flush(zip);
    return m_made;
  }

 private:
  [[nodiscard]] counter_random random(topic what, std::size_t municipality, std::uint32_t code) const {
    return counter_random(m_seed, m_state.code, static_cast<int>(what), municipality, code);
  }

  void add_up() {
    for (std::size_t i = 1; i < m_totals.size(); ++i)
      for (const auto& each : m_municipalities[i - 1].localities) {
        const figures row = draw_figures(each, random(topic::figures, i, each.code));
        m_totals[i].add(each, row);
        m_totals[0].add(each, row);
      }
    for (std::size_t i = 0; i < m_totals.size(); ++i) {
      draw_decimals(m_totals[i].all, random(topic::totals, i, 0));
      draw_decimals(m_totals[i].one_dwelling, random(topic::totals, i, one_dwelling_code));
      draw_decimals(m_totals[i].two_dwellings, random(topic::totals, i, two_dwellings_code));
    }
  }

  void draw_names() {
    m_names.push_back(fmt::format("Total de la entidad {}", m_state.name));
    std::unordered_set<std::string> taken;
    for (std::size_t i = 1; i < m_totals.size(); ++i) {
      auto words = random(topic::municipality, i, 0);
      m_names.push_back(municipality_name(words, taken));
    }
  }

  void write_total(std::size_t municipality) {
    write_line(municipality, 0, municipality == 0 ? "Total de la Entidad" : "Total del Municipio", row_kind::total,
               m_totals[municipality].all, figures_shown::all);
  }

  /// The rows 9998 and 9999, where there are such localities; the state has both.
  void write_few_dwellings(std::size_t municipality) {
    const auto write = [&](std::uint32_t code, std::string_view name, const figures& row) {
      const std::uint32_t inhabited = row[index_of("TVIVHAB")];
      if (municipality != 0 && inhabited == 0) return;
      const bool withheld = municipality != 0 && inhabited <= 2;
      write_line(municipality, code, name, row_kind::total_of_few_dwellings, row,
                 withheld ? figures_shown::masked : figures_shown::all);
    };
    write(one_dwelling_code, "Localidades de una vivienda", m_totals[municipality].one_dwelling);
    write(two_dwellings_code, "Localidades de dos viviendas", m_totals[municipality].two_dwellings);
  }

  void write_locality(std::size_t municipality, const locality& where, const spot& center) {
    auto drawn = random(topic::place, municipality, where.code);
    const spot lies = draw_spot_near(center, m_state.place, drawn);
    const std::string name = where.code == 1 ? m_names[municipality] : locality_name(drawn);
    std::string map;
    append_spot(map, lies, next_height());
    const figures_shown shown = where.kind != dwellings::more          ? figures_shown::masked
                                : where.note == special::not_available ? figures_shown::not_available
                                                                       : figures_shown::all;
    write_line(municipality, where.code, name, row_kind::locality,
               draw_figures(where, random(topic::figures, municipality, where.code)), shown, map);
  }

  /// The two spellings of a height below the sea take turns.
  height next_height() {
    const std::size_t place = m_localities_written++;
    if (m_state.place.coast == shore::none || place % localities_per_hollow != 1) return height::above_sea;
    return place / localities_per_hollow % 2 == 0 ? height::below_sea_padded : height::below_sea;
  }

  void write_line(std::size_t municipality, std::uint32_t code, std::string_view name, row_kind kind,
                  const figures& row, figures_shown shown, std::string_view map = ",,") {
    append_line(m_text,
                {.state_code = m_state.code,
                 .state = m_state.name,
                 .municipality_code = static_cast<std::uint32_t>(municipality),
                 .municipality = m_names[municipality],
                 .locality_code = code,
                 .locality = name,
                 .map = map},
                kind, row, shown);
    ++m_made.rows;
  }

  void flush(zip_writer& zip) {
    zip.write(m_text);
    m_made.csv_bytes += m_text.size();
    m_text.clear();
  }

  state_shape m_state;
  std::uint64_t m_seed;
  std::vector<municipality> m_municipalities;
  std::vector<totals> m_totals;
  std::vector<std::string> m_names;
  std::string m_text;
  std::size_t m_localities_written = 0;
  made_state m_made;
};

const state_shape& state_of(int code) {
  if (code < 1 || code > static_cast<int>(states.size()))
    throw error({.object = fmt::format("state {}", code), .problem = "no such state", .cure = "give codes 1 to 32"});
  return states[static_cast<std::size_t>(code) - 1];
}

void check(const census_samples& samples) {
  if (!(samples.scale > 0 && samples.scale <= 1))
    throw error({.object = fmt::format("scale {}", samples.scale),
                 .problem = "not a part of the whole",
                 .cure = "give more than 0 and at most 1"});
}

planned_state planned(const census_samples& samples, int code) {
  const state_shape shape = scaled(state_of(code), samples.scale);
  // measured on real files: bytes of the header, of a row whose figures are withheld and of another
  const std::uint64_t csv_bytes = 2760 + 622 * std::uint64_t{shape.masked} + 878 * (shape.rows() - shape.masked);
  return {.state = code,
          .name = std::string(shape.name),
          .zip = fmt::format("ITER_{:02}_2020_csv.zip", code),
          .member = fmt::format("ITER_{:02}CSV20.csv", code),
          .rows = shape.rows(),
          .csv_bytes = csv_bytes};
}

}  // namespace

std::vector<planned_state> plan_census(const census_samples& samples) {
  check(samples);
  std::vector<int> codes = samples.states;
  if (codes.empty())
    for (const auto& each : states) codes.push_back(static_cast<int>(each.code));
  std::vector<planned_state> plan;
  for (const int code : codes) {
    if (std::ranges::find(plan, code, &planned_state::state) != plan.end())
      throw error({.object = fmt::format("state {}", code), .problem = "given twice", .cure = "give each state once"});
    plan.push_back(planned(samples, code));
  }
  return plan;
}

made_state make_census(const std::filesystem::path& directory, const census_samples& samples, int state) {
  check(samples);
  const planned_state plan = planned(samples, state);
  zip_writer zip(directory / plan.zip, plan.member);  // before the work: it fails at once without the directory
  state_table table(scaled(state_of(state), samples.scale), samples.seed);
  made_state made = table.write(zip);
  made.zip_bytes = zip.finish();
  return made;
}

}  // namespace tequio::jobs
