// SPDX-License-Identifier: MIT
#include "spawn_settings.hpp"

#include <unistd.h>

#include <csignal>

#include "tequio/error.hpp"

namespace tequio::detail {
namespace {

void require(int code) {
  if (code != 0)
    throw error({.object = "program",
                 .problem = "cannot be started",
                 .cure = "free memory",
                 .code = std::error_code(code, std::generic_category())});
}

}  // namespace

spawn_settings::spawn_settings() {
  require(::posix_spawn_file_actions_init(&m_actions));
  require(::posix_spawnattr_init(&m_attributes));
  sigset_t defaults;
  ::sigemptyset(&defaults);
  ::sigaddset(&defaults, SIGPIPE);
  require(::posix_spawnattr_setsigdefault(&m_attributes, &defaults));
  require(::posix_spawnattr_setflags(&m_attributes, POSIX_SPAWN_SETSIGDEF));
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) m_environment.push_back(*entry);
  m_environment.push_back(nullptr);
}

spawn_settings::~spawn_settings() {
  ::posix_spawn_file_actions_destroy(&m_actions);
  ::posix_spawnattr_destroy(&m_attributes);
}

// One that is put onto itself stays open, too.
void spawn_settings::put(int file, int number) {
  require(::posix_spawn_file_actions_adddup2(&m_actions, file, number));
}

void spawn_settings::run_in(const std::string& folder) {
  require(::posix_spawn_file_actions_addchdir_np(&m_actions, folder.c_str()));
}

void spawn_settings::set_variable(const std::string& variable) {
  const std::string_view name(variable.data(), variable.find('=') + 1);
  std::erase_if(m_environment, [&](const char* entry) {
    return entry == nullptr || (!name.empty() && std::string_view(entry).starts_with(name));
  });
  m_environment.push_back(const_cast<char*>(variable.c_str()));
  m_environment.push_back(nullptr);
}

}  // namespace tequio::detail
