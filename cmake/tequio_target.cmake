# SPDX-License-Identifier: MIT
# How every target of ours is compiled.

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
  # optimising, GCC 12 sees what cannot be: overlaps in std::string (its bug 105651), unset parts of std::optional and
  # std::stop_source
  target_compile_options(tequio_flags INTERFACE -Wno-restrict -Wno-maybe-uninitialized)
endif()

# tequio_library(NAME HEADERS glob SOURCES glob): a library and its public headers, each of which must compile alone.
function(tequio_library name)
  cmake_parse_arguments(arg "" "" "HEADERS;SOURCES" ${ARGN})
  file(GLOB headers CONFIGURE_DEPENDS ${arg_HEADERS})
  file(GLOB sources CONFIGURE_DEPENDS ${arg_SOURCES})
  add_library(${name} STATIC ${sources})
  # files for one instruction set stand alone
  set(one_instruction_set ${sources})
  list(FILTER one_instruction_set INCLUDE REGEX "_(baseline|sse2|avx2|avx512|neon)\\.cpp$")
  set_source_files_properties(${one_instruction_set} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  target_sources(${name} PUBLIC FILE_SET HEADERS BASE_DIRS include FILES ${headers})
  target_include_directories(${name} PRIVATE src)
  target_link_libraries(${name} PRIVATE $<BUILD_INTERFACE:tequio_flags>)
  target_compile_features(${name} PUBLIC cxx_std_20)
  if(CMAKE_CXX_CLANG_TIDY)
    tequio_headers_in_one(${name} ${headers})
  endif()
  set_target_properties(${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON LINKER_LANGUAGE CXX)
  string(REPLACE "tequio_" "" short ${name})
  set_target_properties(${name} PROPERTIES EXPORT_NAME ${short})
  add_library(tequio::${short} ALIAS ${name})
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
