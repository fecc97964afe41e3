// SPDX-License-Identifier: MIT
// The main() of every test program that has none of its own; a fresh image of the program becomes a worker here.
#include <gmock/gmock.h>

#include "tequio/worker_main.hpp"

int main(int argc, char** argv) {
  tequio::worker_main(argc, argv);
  ::testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
