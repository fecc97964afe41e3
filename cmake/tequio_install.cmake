# SPDX-License-Identifier: MIT
# `cmake --install`: the tool, the static libraries, their headers, and what find_package(tequio) reads.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(config_folder "${CMAKE_INSTALL_LIBDIR}/cmake/tequio")

install(TARGETS tequio_tool)
install(TARGETS tequio tequio_data tequio_jobs EXPORT tequio FILE_SET HEADERS)
install(EXPORT tequio NAMESPACE tequio:: FILE tequioTargets.cmake DESTINATION "${config_folder}")

write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/tequioConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
string(REPLACE ";" " " tequio_modules "${tequio_modules}")
configure_file(cmake/tequioConfig.cmake.in tequioConfig.cmake @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/tequioConfig.cmake" "${CMAKE_CURRENT_BINARY_DIR}/tequioConfigVersion.cmake"
  DESTINATION "${config_folder}")
