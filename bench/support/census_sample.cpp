// SPDX-License-Identifier: MIT
#include "support/census_sample.hpp"

#include <fmt/format.h>
#include <isa-l/crc.h>
#include <stdlib.h>
#include <unistd.h>
#include <zip.h>

#include <cstdlib>
#include <iterator>
#include <random>

namespace tequio::bench {
namespace {

constexpr std::size_t table_bytes = 27'000'000;

// Rows as INEGI writes them: codes with zeros, names with accents, quoted coordinates, 277 counts or asterisks.
std::string make_table() {
  std::mt19937 random(2020);
  std::string text =
      "\xEF\xBB\xBF"
      "ENTIDAD,NOM_ENT,MUN,NOM_MUN,LOC,NOM_LOC,LONGITUD,LATITUD,ALTITUD";
  for (int column = 9; column < 286; ++column) fmt::format_to(std::back_inserter(text), ",C{}", column);
  text += "\r\n";
  for (unsigned row = 0; text.size() < table_bytes; ++row) {
    fmt::format_to(std::back_inserter(text), "31,Yucatán,{:03},Mérida,{:04},El Sauz", row / 100, row % 100);
    text += ",\"102°17'45.768\"\" W\",\"21°52'47.362\"\" N\",1878";
    const bool withheld = random() % 2 == 0;
    const unsigned people = 1 + static_cast<unsigned>(random() % 400);
    for (int column = 9; column < 286; ++column) {
      text += ',';
      text += withheld ? "*" : std::to_string(random() % 3 == 0 ? 0 : random() % people);
    }
    text += "\r\n";
  }
  return text;
}

}  // namespace

std::uint32_t crc_of(const std::string& text) {
  return crc32_gzip_refl(0, reinterpret_cast<const unsigned char*>(text.data()), text.size());
}

census_sample::census_sample() : m_table(make_table()), m_crc(crc_of(m_table)) {
  ::close(::mkstemp(m_zip_path.data()));
  zip_t* archive = zip_open(m_zip_path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  zip_file_add(archive, "table.csv", zip_source_buffer(archive, m_table.data(), m_table.size(), 0), 0);
  if (zip_close(archive) != 0) std::abort();
  archive = zip_open(m_zip_path.c_str(), ZIP_RDONLY, nullptr);
  zip_stat_t status;
  zip_stat_index(archive, 0, 0, &status);
  m_deflated.resize(status.comp_size);
  zip_file_t* member = zip_fopen_index(archive, 0, ZIP_FL_COMPRESSED);
  if (zip_fread(member, m_deflated.data(), m_deflated.size()) != static_cast<zip_int64_t>(m_deflated.size()))
    std::abort();
  zip_fclose(member);
  zip_discard(archive);
}

census_sample::~census_sample() { ::unlink(m_zip_path.c_str()); }

}  // namespace tequio::bench
