# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What the checks share: the files they look at, and how they report. Not executable, so not itself a check.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

findings=0

# report FILE:LINE PROBLEM CURE
report() {
  printf '%s: %s; %s\n' "$1" "$2" "$3"
  findings=$((findings + 1))
}

finish() {
  [ "$findings" = 0 ] && return
  printf '%s: %d found\n' "$0" "$findings"
  exit 1
}

cpp_files() { find include src cli tests bench examples -name '*.[ch]pp' | sort; }
shell_files() { { echo dev; echo .ci/run; find dev.d lint -type f; } | xargs grep -lE '^(#!/bin/bash|# shellcheck shell=bash.*)' | sort; }
cmake_files() { find . -path ./build -prune -o \( -name CMakeLists.txt -o -name '*.cmake' -o -name '*.cmake.in' \) -print | sed 's|^\./||' | sort; }
# every text file of the project
all_files() { find . \( -path ./build -o -path ./.git -o -path ./.cache -o -name __pycache__ \) -prune -o -type f -print | sed 's|^\./||' | grep -v '^\.git$' | sort; }
