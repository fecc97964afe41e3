// SPDX-License-Identifier: MIT
#include "image_environment.hpp"

#include <unistd.h>

#include <string_view>

namespace tequio::detail {

image_environment::image_environment() {
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) m_entries.push_back(*entry);
  m_entries.push_back(nullptr);
}

void image_environment::set(const std::string& variable) {
  const std::string_view name(variable.data(), variable.find('=') + 1);
  std::erase_if(m_entries, [&](const char* entry) {
    return entry == nullptr || (!name.empty() && std::string_view(entry).starts_with(name));
  });
  m_entries.push_back(const_cast<char*>(variable.c_str()));
  m_entries.push_back(nullptr);
}

}  // namespace tequio::detail
