// SPDX-License-Identifier: MIT
#include <cstdio>

#include "tequio/jobs/version.hpp"

int main() { std::puts(tequio::jobs::version()); }
