// SPDX-License-Identifier: MIT
#include "data/source/temporary_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "system/system.hpp"

namespace tequio::data {

descriptor make_temporary_file() {
  const char* named = ::secure_getenv("TMPDIR");
  const std::string folder = named != nullptr && *named != '\0' ? named : "/tmp";
  int number = system::retry([&] { return ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600); });
  if (number < 0) {  // not every file system knows O_TMPFILE
    std::string path = folder + "/tequio-XXXXXX";
    number = system::retry([&] { return ::mkostemp(path.data(), O_CLOEXEC); });
    if (number < 0)
      throw system::failure(folder, "no temporary file can be made in it",
                            "set TMPDIR to a folder that can be written");
    ::unlink(path.c_str());
  }
  return system::above_standard_streams(descriptor(number));
}

}  // namespace tequio::data
