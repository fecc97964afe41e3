# SPDX-License-Identifier: MIT
# cmake -D build=FOLDER -D compiler=PATH -P check.cmake: installs, then builds and runs the program beside this file.
set(folder "${build}/tests/install")
file(REMOVE_RECURSE "${folder}")

function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

run(${CMAKE_COMMAND} --install "${build}" --prefix "${folder}/prefix")
run(${CMAKE_COMMAND} -S "${CMAKE_CURRENT_LIST_DIR}" -B "${folder}/program" -G Ninja
  -D CMAKE_CXX_COMPILER=${compiler} -D CMAKE_PREFIX_PATH=${folder}/prefix)
run(${CMAKE_COMMAND} --build "${folder}/program")
run("${folder}/program/program")
run("${folder}/prefix/bin/tequio" --version)
