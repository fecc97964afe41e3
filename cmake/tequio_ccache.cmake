# SPDX-License-Identifier: MIT
# Compiles through ccache where it is installed and nobody chose another launcher.
find_program(TEQUIO_CCACHE ccache)
mark_as_advanced(TEQUIO_CCACHE)
if(PROJECT_IS_TOP_LEVEL AND TEQUIO_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${TEQUIO_CCACHE}")
endif()
