# SPDX-License-Identifier: MIT
# How our libraries are made, and how every target of ours is compiled.
include(tequio_rooms)

add_library(tequio_flags INTERFACE)
target_compile_features(tequio_flags INTERFACE cxx_std_20)
target_compile_options(tequio_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual
  -ffp-contract=off) # results are the same to the last bit on every processor: no fused multiply-add
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(tequio_flags INTERFACE -fstack-protector-strong)
  target_compile_definitions(tequio_flags INTERFACE _FORTIFY_SOURCE=2)
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # optimising, GCC 12 sees what cannot be: overlaps and overflows in std::string's operator+ (its bug 105651), unset
  # parts of std::optional and std::stop_source; AddressSanitizer and Clang look for the true ones
  target_compile_options(tequio_flags INTERFACE
    -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds -Wno-maybe-uninitialized)
endif()
if(CMAKE_UNITY_BUILD)
  target_compile_options(tequio_flags INTERFACE -Wno-shadow) # of a name in another file
endif()

find_package(PkgConfig REQUIRED)

# tequio_library(NAME [ON library...] [PACKAGES module...] [HIDDEN_PACKAGES module...]): a library of the rooms that
# lint/rooms lists under its name, and its public headers, each of which must compile alone.
function(tequio_library short)
  cmake_parse_arguments(arg "" "" "ON;PACKAGES;HIDDEN_PACKAGES" ${ARGN})
  tequio_target(name "${short}")
  tequio_rooms("${short}" rooms headers on)
  if(NOT "${on}" STREQUAL "${arg_ON}")
    message(FATAL_ERROR "the library ${short} stands on '${arg_ON}' here and on '${on}' in lint/rooms; say it alike")
  endif()
  foreach(room IN LISTS rooms)
    file(GLOB found CONFIGURE_DEPENDS "src/${room}/*.cpp")
    list(APPEND sources ${found})
    file(GLOB found CONFIGURE_DEPENDS "include/tequio/detail/${room}/*.hpp")
    list(APPEND headers ${found})
  endforeach()
  # files for one instruction set have the same names
  set(one_instruction_set ${sources})
  list(FILTER one_instruction_set INCLUDE REGEX "_(baseline|sse2|avx2|avx512|neon)\\.cpp$")
  set_source_files_properties(${one_instruction_set} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)

  add_library(${name} ${sources})
  add_library(tequio::${short} ALIAS ${name})
  target_sources(${name} PUBLIC FILE_SET HEADERS BASE_DIRS include FILES ${headers})
  target_include_directories(${name} PRIVATE src)
  target_compile_features(${name} PUBLIC cxx_std_20)
  target_link_libraries(${name} PRIVATE $<BUILD_INTERFACE:tequio_flags>)
  foreach(library IN LISTS arg_ON)
    target_link_libraries(${name} PUBLIC tequio::${library})
  endforeach()
  tequio_packages(${name} PUBLIC ${arg_PACKAGES})
  tequio_packages(${name} PRIVATE ${arg_HIDDEN_PACKAGES})
  set_target_properties(${name} PROPERTIES
    EXPORT_NAME ${short}
    LINKER_LANGUAGE CXX
    VERIFY_INTERFACE_HEADER_SETS ON)
  tequio_shared(${name})
  tequio_precompile(${name})
  if(CMAKE_CXX_CLANG_TIDY)
    tequio_headers_in_one(${name} ${headers})
  endif()
  set_property(GLOBAL APPEND PROPERTY tequio_libraries ${short})
  set_target_properties(${name} PROPERTIES # for tequio_install
    tequio_on "${arg_ON}" tequio_packages "${arg_PACKAGES}" tequio_hidden_packages "${arg_HIDDEN_PACKAGES}")
endfunction()

# tequio_target(VARIABLE LIBRARY): the name of its target, and of its file behind "lib".
function(tequio_target variable library)
  string(REGEX REPLACE "^tequio_tequio$" "tequio" name "tequio_${library}")
  set(${variable} ${name} PARENT_SCOPE)
endfunction()

# tequio_packages(TARGET PUBLIC|PRIVATE module...): uses packages that pkg-config knows, such as zlib or fmt>=9.
macro(tequio_packages target scope)
  foreach(package ${ARGN})
    string(REGEX MATCH "^[a-z0-9]+" module "${package}")
    pkg_check_modules(${module} REQUIRED QUIET IMPORTED_TARGET ${package})
    target_link_libraries(${target} ${scope} PkgConfig::${module})
  endforeach()
endmacro()

# tequio_shared(TARGET): may be put into a shared library, and may be one, which exports what is in namespace tequio.
function(tequio_shared target)
  set(exports "${PROJECT_SOURCE_DIR}/cmake/exports.map")
  set_target_properties(${target} PROPERTIES
    POSITION_INDEPENDENT_CODE ON
    VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
    INSTALL_RPATH "$ORIGIN"
    DEFINE_SYMBOL "" # compiled alike for both kinds, and by ccache once
    LINK_DEPENDS "${exports}")
  # nobody replaces our functions one by one, so the compiler may look into them
  target_compile_options(${target} PRIVATE -fno-semantic-interposition)
  if(BUILD_SHARED_LIBS)
    target_link_options(${target} PRIVATE "LINKER:--version-script=${exports}" LINKER:--no-undefined)
  endif()
endfunction()

# tequio_headers_in_one(LIBRARY headers): clang-tidy reads them all in one unit, which takes far less time than a
# unit for each would; that each compiles alone is the other presets' to verify.
function(tequio_headers_in_one library)
  set(unit "${PROJECT_BINARY_DIR}/${library}_headers.cpp")
  list(TRANSFORM ARGN REPLACE "(.+)" "#include \"\\1\"")
  list(JOIN ARGN "\n" lines)
  file(CONFIGURE OUTPUT "${unit}" CONTENT "${lines}\n" @ONLY)
  add_library(${library}_headers OBJECT "${unit}")
  target_link_libraries(${library}_headers PRIVATE ${library} tequio_flags)
endfunction()
