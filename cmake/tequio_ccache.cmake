# SPDX-License-Identifier: MIT
# Compiles through ccache where it is installed and nobody chose another launcher.
find_program(TEQUIO_CCACHE ccache)
mark_as_advanced(TEQUIO_CCACHE)
if(PROJECT_IS_TOP_LEVEL AND TEQUIO_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # a precompiled header hides macros and times; what we put into it has neither
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime "${TEQUIO_CCACHE}")
endif()
