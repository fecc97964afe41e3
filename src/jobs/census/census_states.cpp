// SPDX-License-Identifier: MIT
#include "jobs/census/census_states.hpp"

#include <algorithm>
#include <cmath>

namespace tequio::jobs::census {

// Source: INEGI, Censo de Población y Vivienda 2020, Principales resultados por localidad (ITER).
// two lines per state
// clang-format off
constinit const std::array<state_shape, state_count> states{{
    // code, name, municipalities, localities, 9998, 9999, masked, N/D, without women, without births,
    // population, median, ninetieth, largest, {west from, to, north from, to, altitude from, to, coast}
    {1, "Aguascalientes", 11, 2022, 12, 12, 1072, 0, 1, 1,
     1425607, 9, 459, 863893, {10190, 10280, 2170, 2240, 1600, 2500, shore::none}},
    {2, "Baja California", 6, 5545, 7, 7, 3754, 4, 22, 23,
     3769020, 5, 49, 1810645, {11280, 11710, 2810, 3270, 5, 1800, shore::sea}},
    {3, "Baja California Sur", 5, 2543, 6, 6, 2049, 1, 1, 1,
     798447, 4, 21, 250141, {10950, 11490, 2290, 2800, 3, 900, shore::sea}},
    {4, "Campeche", 12, 2762, 13, 12, 1978, 0, 3, 3,
     928363, 4, 292, 249623, {8920, 9240, 1790, 2080, 2, 300, shore::sea}},
    {5, "Coahuila de Zaragoza", 38, 4034, 39, 37, 2895, 4, 11, 11,
     3146771, 4, 159, 864431, {9990, 10390, 2460, 2980, 250, 2300, shore::none}},
    {6, "Colima", 10, 1226, 11, 11, 942, 0, 1, 1,
     731391, 4, 171, 159853, {10350, 10460, 1870, 1950, 3, 1600, shore::sea}},
    {7, "Chiapas", 124, 21157, 109, 96, 9172, 44, 7, 7,
     5543828, 17, 429, 578830, {9040, 9410, 1460, 1790, 4, 2600, shore::sea}},
    {8, "Chihuahua", 67, 12186, 68, 67, 7272, 0, 32, 32,
     3741869, 6, 81, 1501551, {10340, 10900, 2560, 3170, 400, 2600, shore::none}},
    {9, "Ciudad de México", 16, 634, 8, 7, 141, 0, 0, 0,
     9209944, 47, 452, 1835486, {9895, 9935, 1910, 1955, 2230, 3100, shore::none}},
    {10, "Durango", 39, 5890, 39, 37, 2783, 1, 4, 4,
     1832650, 12, 225, 616068, {10250, 10710, 2240, 2680, 300, 2800, shore::none}},
    {11, "Guanajuato", 46, 8809, 45, 44, 2701, 2, 0, 0,
     6166934, 37, 732, 1579803, {9970, 10200, 1995, 2180, 1600, 2600, shore::none}},
    {12, "Guerrero", 81, 6769, 78, 72, 1426, 20, 5, 5,
     3540685, 63, 749, 658609, {9810, 10210, 1640, 1880, 4, 2400, shore::sea}},
    {13, "Hidalgo", 84, 4690, 76, 65, 677, 0, 4, 4,
     3082841, 130, 1066, 297848, {9798, 9980, 1960, 2130, 100, 2800, shore::none}},
    {14, "Jalisco", 125, 10348, 125, 116, 4237, 16, 7, 7,
     8348151, 14, 311, 1385621, {10160, 10560, 1895, 2270, 3, 2500, shore::sea}},
    {15, "México", 125, 4894, 68, 48, 369, 0, 0, 0,
     16992418, 396, 3733, 1643623, {9860, 10060, 1840, 2020, 1200, 3100, shore::none}},
    {16, "Michoacán de Ocampo", 113, 8644, 103, 95, 2879, 1, 2, 2,
     4748846, 26, 619, 743275, {10010, 10360, 1795, 2030, 4, 2800, shore::sea}},
    {17, "Morelos", 36, 1578, 32, 31, 285, 0, 1, 1,
     1971520, 75, 1460, 341029, {9865, 9945, 1835, 1910, 800, 2700, shore::none}},
    {18, "Nayarit", 20, 2850, 21, 21, 1493, 4, 4, 4,
     1235456, 9, 480, 371387, {10375, 10570, 2065, 2300, 3, 2200, shore::sea}},
    {19, "Nuevo León", 51, 4822, 51, 49, 2839, 1, 12, 12,
     5784442, 5, 142, 1142952, {9850, 10110, 2320, 2770, 80, 2400, shore::none}},
    {20, "Oaxaca", 570, 10723, 307, 255, 2619, 19, 7, 7,
     4132148, 65, 641, 258913, {9390, 9850, 1570, 1860, 4, 2900, shore::sea}},
    {21, "Puebla", 217, 6568, 150, 123, 1320, 0, 4, 4,
     6583278, 102, 1305, 1542232, {9675, 9900, 1790, 2080, 80, 2900, shore::none}},
    {22, "Querétaro", 18, 2192, 19, 19, 552, 0, 1, 1,
     2368467, 70, 1217, 794789, {9910, 10055, 2005, 2160, 500, 2700, shore::none}},
    {23, "Quintana Roo", 11, 2207, 12, 12, 1626, 1, 6, 6,
     1857985, 3, 243, 888797, {8680, 8930, 1790, 2160, 2, 150, shore::sea}},
    {24, "San Luis Potosí", 58, 6554, 58, 58, 2375, 0, 0, 0,
     2822255, 27, 450, 845941, {9840, 10220, 2120, 2440, 30, 2700, shore::none}},
    {25, "Sinaloa", 18, 5495, 19, 19, 2530, 1, 7, 7,
     3026943, 12, 470, 808416, {10540, 10940, 2250, 2690, 3, 2200, shore::sea}},
    {26, "Sonora", 72, 7300, 68, 59, 5432, 31, 25, 24,
     2944840, 4, 94, 855563, {10850, 11500, 2630, 3240, 4, 2000, shore::sea}},
    {27, "Tabasco", 17, 2472, 15, 12, 451, 0, 2, 2,
     2402598, 265, 1690, 340060, {9100, 9410, 1730, 1860, 2, 300, shore::sea}},
    {28, "Tamaulipas", 43, 6566, 42, 43, 4352, 0, 28, 28,
     3527735, 4, 148, 691557, {9720, 10010, 2230, 2760, 2, 2200, shore::sea}},
    {29, "Tlaxcala", 60, 1175, 50, 37, 588, 0, 0, 0,
     1342977, 12, 2754, 70224, {9770, 9870, 1915, 1970, 2150, 2900, shore::none}},
    {30, "Veracruz de Ignacio de la Llave", 212, 19845, 178, 165, 7662, 0, 9, 9,
     8062579, 21, 541, 443063, {9370, 9860, 1720, 2240, 3, 2600, shore::sea}},
    {31, "Yucatán", 106, 2434, 101, 49, 1649, 0, 7, 4,
     2320898, 4, 855, 921771, {8760, 9040, 1960, 2150, 2, 180, shore::sea}},
    {32, "Zacatecas", 58, 4498, 59, 53, 1891, 2, 1, 1,
     1622138, 15, 459, 170029, {10080, 10430, 2110, 2500, 1000, 2700, shore::none}},
}};
// clang-format on

state_shape scaled(const state_shape& state, double scale) {
  const auto share = [scale](std::uint32_t whole) {
    return static_cast<std::uint32_t>(std::ceil(static_cast<double>(whole) * scale));
  };
  state_shape small = state;
  small.municipalities = share(state.municipalities);
  small.rows_9998 = std::min(share(state.rows_9998 - 1), small.municipalities) + 1;
  small.rows_9999 = std::min(share(state.rows_9999 - 1), small.municipalities) + 1;
  // a locality and its municipality's total may both be withheld, for every municipality that has such a total
  small.masked = std::max(share(state.masked), 2 * (small.rows_9998 - 1 + small.rows_9999 - 1));
  small.not_available = share(state.not_available);
  small.without_women = share(state.without_women);
  small.without_births = share(state.without_births);
  small.localities = std::max(share(state.localities), small.municipalities + small.masked + small.not_available +
                                                           std::max(small.without_women, small.without_births));
  small.population = std::max(share(state.population), 8 * small.localities);
  small.largest = share(state.largest);
  return small;
}

}  // namespace tequio::jobs::census
