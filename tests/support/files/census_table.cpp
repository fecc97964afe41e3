// SPDX-License-Identifier: MIT
#include "support/files/census_table.hpp"

#include <zip.h>

#include <memory>
#include <stdexcept>

namespace tequio::test {

std::string only_member(const std::filesystem::path& zip, const std::string& name) {
  int code = 0;
  const std::unique_ptr<zip_t, void (*)(zip_t*)> archive(zip_open(zip.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code),
                                                         zip_discard);
  if (!archive) throw std::runtime_error("zip_open fails with code " + std::to_string(code));
  if (zip_get_num_entries(archive.get(), 0) != 1) throw std::runtime_error("not one member");
  zip_stat_t facts;
  if (zip_stat(archive.get(), name.c_str(), 0, &facts) != 0) throw std::runtime_error("no member " + name);
  const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> member(zip_fopen(archive.get(), name.c_str(), 0), zip_fclose);
  if (!member) throw std::runtime_error("the member cannot be opened");
  std::string text(facts.size, '\0');
  const auto count = zip_fread(member.get(), text.data(), text.size());
  char beyond = 0;
  if (count != static_cast<zip_int64_t>(text.size()) || zip_fread(member.get(), &beyond, 1) != 0)
    throw std::runtime_error("the member breaks off or its sum is wrong");
  return text;
}

std::vector<csv_row> csv_rows(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  std::vector<csv_row> rows;
  csv_row row(1);
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (quoted && text[i] == '"' && next == '"') {
      row.back() += text[++i];
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && text[i] == ',') {
      row.emplace_back();
    } else if (!quoted && text[i] == '\n') {
      rows.push_back(std::move(row));
      row.assign(1, {});
    } else if (quoted || text[i] != '\r' || next != '\n') {
      row.back() += text[i];
    }
  }
  return rows;
}

}  // namespace tequio::test
