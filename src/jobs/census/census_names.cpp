// SPDX-License-Identifier: MIT
#include "jobs/census/census_names.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <string_view>

namespace tequio::jobs::census {
namespace {

using std::string_view;

constexpr std::array<string_view, 64> things{
    "El Mezquite",   "El Nopal",        "La Cañada",    "Las Ánimas",      "El Encino",    "La Ceiba",
    "El Capulín",    "La Joya",         "El Salto",     "Los Álamos",      "El Pinar",     "La Palma",
    "El Jagüey",     "La Loma",         "Ojo de Agua",  "El Zapote",       "La Higuera",   "Las Cruces",
    "El Limón",      "Agua Fría",       "El Refugio",   "La Esperanza",    "El Porvenir",  "Buenavista",
    "El Mirador",    "La Laguna",       "El Sabino",    "La Peña",         "Los Sauces",   "El Tepozán",
    "Piedra Blanca", "El Huizache",     "La Ciénega",   "El Progreso",     "Las Flores",   "El Arenal",
    "La Guayaba",    "El Palmar",       "Río Hondo",    "Cerro Gordo",     "El Carrizal",  "La Unión",
    "El Paraíso",    "Barranca Honda",  "El Aguacate",  "La Mesa",         "Los Laureles", "El Chilar",
    "La Soledad",    "Tierra Colorada", "El Ocotal",    "Los Manantiales", "El Tular",     "La Aurora",
    "Peñón Blanco",  "El Platanar",     "Paso del Río", "La Ventana",      "El Ciruelo",   "Las Parotas",
    "El Corralito",  "Monte Verde",     "La Concordia", "Pozo Nuevo"};

constexpr std::array<string_view, 28> saints{
    "San José",    "San Isidro",    "Santa Rosa",    "San Antonio", "Santa María",   "San Miguel",  "San Juan",
    "Santa Cruz",  "San Pedro",     "San Rafael",    "Santa Ana",   "San Andrés",    "San Martín",  "Santa Lucía",
    "San Nicolás", "San Agustín",   "Santo Tomás",   "San Lorenzo", "San Marcos",    "Santa Inés",  "San Jerónimo",
    "San Mateo",   "Santo Domingo", "San Cristóbal", "San Gabriel", "Santa Bárbara", "San Esteban", "San Joaquín"};

constexpr std::array<string_view, 16> additions{"de Abajo",     "de Arriba",   "el Alto",       "el Chico",
                                                "de la Sierra", "del Río",     "de las Flores", "del Monte",
                                                "de los Pinos", "la Barranca", "del Llano",     "de las Tunas",
                                                "el Viejo",     "de la Peña",  "del Valle",     "Segundo"};

constexpr std::array<string_view, 8> kinds{"Rancho",  "Granja",  "Ejido",  "Hacienda",
                                           "Establo", "Colonia", "Rancho", "Fraccionamiento"};

constexpr std::array<string_view, 18> beginnings{"Ate", "Chi", "Cuau", "Tla", "Xo",  "Tepe", "Ixta", "Oco", "Zaca",
                                                 "Aca", "Mix", "Te",   "Tzi", "Ama", "Hue",  "Coa",  "Yo",  "Mala"};
constexpr std::array<string_view, 12> middles{"cal", "hua", "ma", "pa",  "ti", "xo",
                                              "chi", "cui", "lo", "nan", "ya", "te"};
constexpr std::array<string_view, 10> endings{"tepec",  "tlán",  "pan",   "co",   "titlán",
                                              "huacán", "cingo", "zingo", "lapa", "cán"};

template <std::size_t Size>
string_view pick(const std::array<string_view, Size>& words, counter_random& random) {
  return words[random.below(Size)];
}

std::string old_name(counter_random& random) {
  const string_view middle = random.below(2) == 0 ? string_view() : pick(middles, random);
  const string_view beginning = pick(beginnings, random);
  return fmt::format("{}{}{}", beginning, middle, pick(endings, random));
}

/// "El Sauz (Sauz Alto, Sauz Bajo)".
std::string name_of_two_parts(counter_random& random) {
  const std::string name = old_name(random);
  return fmt::format("{} ({} Alto, {} Bajo)", name, name, name);
}

}  // namespace

std::string locality_name(counter_random& random) {
  if (random.below(5000) == 0) return name_of_two_parts(random);
  const string_view thing = pick(things, random);
  const string_view saint = pick(saints, random);
  const string_view addition = pick(additions, random);
  switch (random.below(16)) {
    case 0:
    case 1:
    case 2:
      return std::string(thing);
    case 3:
    case 4:
      return fmt::format("{} {}", thing, addition);
    case 5:
    case 6:
      return std::string(saint);
    case 7:
    case 8:
      return fmt::format("{} {}", saint, addition);
    case 9:
      return old_name(random);
    case 10:
      return fmt::format("{} ({})", old_name(random), thing);
    case 11:
      return fmt::format("{} ({})", saint, thing);
    case 12:
      return fmt::format("{} [{}]", saint, pick(kinds, random));
    case 13:
      return fmt::format("{} {}", saint, old_name(random));
    default:
      return fmt::format("{} [{}]", thing, pick(kinds, random));
  }
}

std::string municipality_name(counter_random& random, std::unordered_set<std::string>& taken) {
  for (;;) {
    const string_view thing = pick(things, random);
    const string_view saint = pick(saints, random);
    const std::string old = old_name(random);
    std::string name;
    switch (random.below(4)) {
      case 0:
        name = old;
        break;
      case 1:
        name = thing;
        break;
      case 2:
        name = fmt::format("{} {}", saint, pick(additions, random));
        break;
      default:
        name = fmt::format("{} {}", saint, old);
    }
    if (taken.insert(name).second) return name;
  }
}

}  // namespace tequio::jobs::census
