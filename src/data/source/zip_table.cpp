// SPDX-License-Identifier: MIT
#include <fnmatch.h>

#include <algorithm>
#include <vector>

#include "data/text/text.hpp"
#include "tequio/data/format_error.hpp"
#include "tequio/data/zip.hpp"

namespace tequio::data {
namespace {

using indices = std::vector<std::size_t>;

bool is_litter(const zip_member& member) noexcept {
  const std::string_view name = member.name;
  return member.is_folder() || name.starts_with("__MACOSX/") || name == ".DS_Store" || name.ends_with("/.DS_Store");
}

bool is_table(const zip_member& member) noexcept {
  return ends_in(member.name, ".csv") || ends_in(member.name, ".tsv") || ends_in(member.name, ".txt");
}

bool is_open_data(const zip_member& member) noexcept {
  return member.name.starts_with("conjunto_de_datos/") || member.name.find("/conjunto_de_datos/") != std::string::npos;
}

template <class Predicate>
indices keep(const zip_archive& archive, const indices& from, Predicate predicate) {
  indices kept;
  for (const std::size_t index : from)
    if (predicate(archive.members()[index])) kept.push_back(index);
  return kept;
}

std::string list_names(const zip_archive& archive, const indices& which) {
  constexpr std::size_t most = 8;
  std::string names;
  for (std::size_t i = 0; i < std::min(which.size(), most); ++i)
    names += (i == 0 ? "" : ", ") + archive.members()[which[i]].name;
  if (which.size() > most) names += " and " + grouped(which.size() - most) + " more";
  return names;
}

[[noreturn]] void refuse(const zip_archive& archive, std::string problem, std::string cure) {
  throw format_error({.object = archive.name(), .problem = std::move(problem), .cure = std::move(cure)});
}

[[noreturn]] void refuse_choice(const zip_archive& archive, std::string problem, hint_kind cure) {
  throw format_error({.object = archive.name(), .problem = std::move(problem), .hint = {.kind = cure}});
}

std::size_t find_named(const zip_archive& archive, const indices& all, const std::string& glob) {
  const indices found = keep(archive, all, [&](const zip_member& member) {
    return member.name == glob || ::fnmatch(glob.c_str(), member.name.c_str(), 0) == 0;
  });
  if (found.empty()) refuse(archive, "no member matches " + glob, "its members: " + list_names(archive, all));
  if (found.size() > 1)
    refuse_choice(archive, "several members match " + glob + ": " + list_names(archive, found),
                  hint_kind::narrow_member);
  return found.front();
}

}  // namespace

std::size_t find_table(const zip_archive& archive, const std::string& member) {
  indices all;
  for (std::size_t i = 0; i < archive.members().size(); ++i)
    if (!is_litter(archive.members()[i])) all.push_back(i);
  if (all.empty()) refuse(archive, "the zip archive has no member", "check that this is the right file");
  if (!member.empty()) return find_named(archive, all, member);
  const indices tables = keep(archive, all, is_table);
  if (tables.size() == 1) return tables.front();
  const indices open_data = keep(archive, tables, is_open_data);
  if (open_data.size() == 1) return open_data.front();
  if (tables.empty() && all.size() == 1) return all.front();
  const indices& choices = tables.empty() ? all : tables;
  refuse_choice(archive,
                (tables.empty() ? "none of its members is a table (.csv, .tsv, .txt): " : "has several tables: ") +
                    list_names(archive, choices),
                hint_kind::choose_member);
}

}  // namespace tequio::data
