# SPDX-License-Identifier: MIT
# What tequio stands on: all from Debian's packages, listed for apt in packages.txt.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(CURL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(FastFloat REQUIRED)
find_package(CLI11 2.1 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)

# Found by pkg-config, here and by whoever uses an installed tequio.
set(tequio_modules hwloc libisal libzip re2)
foreach(module IN LISTS tequio_modules)
  pkg_check_modules(${module} REQUIRED IMPORTED_TARGET ${module})
endforeach()
