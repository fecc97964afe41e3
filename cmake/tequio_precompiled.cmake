# SPDX-License-Identifier: MIT
# Headers of others, read once for all files of a target instead of once for each. A file still includes what it uses: the
# presets asan and tidy compile without.

option(TEQUIO_PRECOMPILED "read others' headers once for all files of a target" ${PROJECT_IS_TOP_LEVEL})
mark_as_advanced(TEQUIO_PRECOMPILED)

# what nearly every file of ours includes, or what is large
set(tequio_precompiled_headers <algorithm> <array> <atomic> <charconv> <chrono> <cmath> <cstdint> <cstring> <filesystem>
  <fstream> <functional> <limits> <map> <memory> <mutex> <numeric> <optional> <ranges> <span> <sstream> <stdexcept>
  <stop_token> <string> <string_view> <thread> <tuple> <utility> <variant> <vector> <fmt/format.h>)

# tequio_precompile(TARGET HEADER...): these and the above, read once
function(tequio_precompile target)
  if(TEQUIO_PRECOMPILED)
    target_precompile_headers(${target} PRIVATE ${tequio_precompiled_headers} ${ARGN})
    tequio_show_precompiled_to_ccache(${target})
  endif()
endfunction()

# tequio_precompile_as(TARGET OTHER): what was read for the other target
function(tequio_precompile_as target other)
  if(TEQUIO_PRECOMPILED)
    target_precompile_headers(${target} REUSE_FROM ${other})
    tequio_show_precompiled_to_ccache(${target})
  endif()
endfunction()

function(tequio_show_precompiled_to_ccache target)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -fpch-preprocess)
  endif()
endfunction()
