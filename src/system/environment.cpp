// SPDX-License-Identifier: MIT
#include "system/environment.hpp"

#include <unistd.h>

#include <algorithm>
#include <string_view>

namespace tequio::detail {
namespace {

// "NAME="
std::string_view beginning_of(const std::string& variable) { return {variable.data(), variable.find('=') + 1}; }

bool begins(const char* entry, std::string_view name) {
  return entry != nullptr && !name.empty() && std::string_view(entry).starts_with(name);
}

}  // namespace

environment::environment() {
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) m_entries.push_back(*entry);
  m_entries.push_back(nullptr);
}

void environment::set(const std::string& variable) {
  const std::string_view name = beginning_of(variable);
  std::erase_if(m_entries, [&](const char* entry) { return entry == nullptr || begins(entry, name); });
  m_entries.push_back(const_cast<char*>(variable.c_str()));
  m_entries.push_back(nullptr);
}

void environment::set_missing(const std::string& variable) {
  const std::string_view name = beginning_of(variable);
  if (std::ranges::none_of(m_entries, [&](const char* entry) { return begins(entry, name); })) set(variable);
}

}  // namespace tequio::detail
