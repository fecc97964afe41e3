# SPDX-License-Identifier: MIT
# `cmake --install`: the libraries and their headers, what find_package(tequio) and pkg-config read, and the tool.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(config_folder "${CMAKE_INSTALL_LIBDIR}/cmake/tequio")
get_property(libraries GLOBAL PROPERTY tequio_libraries)

# tequio_packages_of(VARIABLE TARGET): what a program that links the installed library needs: a static one all it uses.
function(tequio_packages_of variable target)
  get_target_property(packages ${target} tequio_packages)
  get_target_property(hidden ${target} tequio_hidden_packages)
  if(NOT BUILD_SHARED_LIBS)
    list(APPEND packages ${hidden})
  endif()
  set(${variable} ${packages} PARENT_SCOPE)
endfunction()

# tequio_pc_file(LIBRARY ON PACKAGES): TARGET.pc. A static library's packages are required in the open: there is nothing
# else that `pkg-config --libs` could name so that the program links.
function(tequio_pc_file library on packages)
  tequio_target(name ${library})
  set(modules)
  foreach(other IN LISTS on)
    tequio_target(module ${other})
    string(REPLACE "_" "-" module "${module} = ${PROJECT_VERSION}")
    list(APPEND modules "${module}")
  endforeach()
  foreach(package IN LISTS packages)
    string(REGEX REPLACE ">=" " >= " module "${package}")
    list(APPEND modules "${module}")
  endforeach()
  list(JOIN modules ", " requires)
  string(REPLACE "_" "-" module "${name}")
  # found from where the file lies, so that the folder may be moved
  file(RELATIVE_PATH prefix "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig" "${CMAKE_INSTALL_PREFIX}")
  string(REGEX REPLACE "/$" "" prefix "${prefix}")
  # absolute ones stay what they are
  cmake_path(APPEND lib_folder "\${prefix}" "${CMAKE_INSTALL_LIBDIR}")
  cmake_path(APPEND include_folder "\${prefix}" "${CMAKE_INSTALL_INCLUDEDIR}")
  configure_file(cmake/tequio.pc.in "${module}.pc" @ONLY)
  install(FILES "${CMAKE_CURRENT_BINARY_DIR}/${module}.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endfunction()

set(tequio_stands) # lines of the package's configuration
foreach(library IN LISTS libraries)
  tequio_target(name ${library})
  get_target_property(on ${name} tequio_on)
  tequio_packages_of(packages ${name})
  tequio_pc_file(${library} "${on}" "${packages}")
  string(APPEND tequio_stands "set(tequio_${library}_on ${on})\nset(tequio_${library}_packages ${packages})\n")
  install(TARGETS ${name} EXPORT ${name} FILE_SET HEADERS)
  install(EXPORT ${name} NAMESPACE tequio:: FILE tequio_${library}.cmake DESTINATION "${config_folder}")
endforeach()
string(REPLACE ";" " " tequio_stands "${tequio_stands}")
list(JOIN libraries " " tequio_libraries)
configure_file(cmake/tequioConfig.cmake.in tequioConfig.cmake @ONLY)
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/tequioConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/tequioConfig.cmake" "${CMAKE_CURRENT_BINARY_DIR}/tequioConfigVersion.cmake"
  DESTINATION "${config_folder}")

if(TEQUIO_TOOL)
  if(BUILD_SHARED_LIBS)
    file(RELATIVE_PATH libraries_from_tool "${CMAKE_INSTALL_FULL_BINDIR}" "${CMAKE_INSTALL_FULL_LIBDIR}")
    set_target_properties(tequio_tool PROPERTIES INSTALL_RPATH "$ORIGIN/${libraries_from_tool}")
  endif()
  install(TARGETS tequio_tool)
endif()
