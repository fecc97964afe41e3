// SPDX-License-Identifier: MIT
#include "tequio/cpu.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <thread>

#include "support/workers/affinity.hpp"
#include "tequio/error.hpp"

namespace {

using testing::HasSubstr;

std::string output_of(const std::string& command) {
  FILE* pipe = ::popen(command.c_str(), "r");
  std::string text;
  for (int byte = 0; (byte = std::fgetc(pipe)) != EOF;) text += static_cast<char>(byte);
  EXPECT_EQ(::pclose(pipe), 0) << command;
  return text;
}

std::ptrdiff_t entries(const char* directory) {
  return std::distance(std::filesystem::directory_iterator(directory), std::filesystem::directory_iterator());
}

/// Skips a test where /sys is not mounted: then lscpu does not run, and there is nothing to compare with.
#define TEQUIO_NEEDS_SYS() \
  if (!std::filesystem::exists("/sys/devices/system/cpu/possible")) GTEST_SKIP() << "/sys is not mounted"

TEST(cpu, leaves_no_descriptor_and_no_thread) {
  const auto descriptors = entries("/proc/self/fd");
  const auto threads = entries("/proc/self/task");
  for (int i = 0; i < 3; ++i) static_cast<void>(tequio::cpu());
  EXPECT_EQ(entries("/proc/self/fd"), descriptors);
  EXPECT_EQ(entries("/proc/self/task"), threads);
}

TEST(cpu, leaves_the_affinity_as_it_is) {
  cpu_set_t before;
  cpu_set_t after;
  ASSERT_EQ(::sched_getaffinity(0, sizeof before, &before), 0);
  static_cast<void>(tequio::cpu());
  ASSERT_EQ(::sched_getaffinity(0, sizeof after, &after), 0);
  EXPECT_TRUE(CPU_EQUAL(&before, &after));
}

TEST(cpu, counts_processors_as_nproc_does) {
  const std::string nproc = "env -u OMP_NUM_THREADS -u OMP_THREAD_LIMIT nproc";
  EXPECT_EQ(std::to_string(tequio::cpu().affinity) + "\n", output_of(nproc));
  EXPECT_EQ(std::to_string(tequio::cpu().logical_processors) + "\n", output_of("getconf _NPROCESSORS_ONLN"));
}

TEST(cpu, counts_all_cores_from_one_processor_too) {
  const tequio::cpu_info all = tequio::cpu();
  tequio::cpu_info one;
  std::thread([&] {
    tequio::test::allow_one_processor();
    one = tequio::cpu();
  }).join();
  EXPECT_EQ(one.affinity, 1U);
  EXPECT_EQ(one.workers, 1U);
  EXPECT_EQ(one.cores, all.cores);
  EXPECT_EQ(one.logical_processors, all.logical_processors);
}

TEST(cpu, refuses_a_bad_environment_value) {
  ::setenv("TEQUIO_WORKERS", "many", 1);
  EXPECT_THROW(static_cast<void>(tequio::cpu()), tequio::error);
  ::unsetenv("TEQUIO_WORKERS");
}

TEST(cpu, tells_the_topology_that_lscpu_tells) {
  TEQUIO_NEEDS_SYS();
  std::set<std::string> cores;
  std::set<std::string> packages;
  std::set<std::string> nodes;
  std::istringstream table(output_of("lscpu -p=CPU,CORE,SOCKET,NODE"));
  for (std::string line; std::getline(table, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream row(line);
    std::string processor;
    std::string core;
    std::string package;
    std::string node;
    std::getline(row, processor, ',') && std::getline(row, core, ',') && std::getline(row, package, ',') &&
        std::getline(row, node, ',');
    cores.insert(core);
    packages.insert(package);
    nodes.insert(node);
  }
  const tequio::cpu_info info = tequio::cpu();
  EXPECT_EQ(info.cores, cores.size());
  EXPECT_EQ(info.packages, packages.size());
  EXPECT_EQ(info.numa_nodes, nodes.size());
  const std::string lscpu = output_of("LC_ALL=C lscpu");
  EXPECT_THAT(lscpu, HasSubstr(info.vendor));
  EXPECT_THAT(lscpu, HasSubstr(info.model));
}

TEST(cpu, tells_the_caches_that_lscpu_tells) {
  TEQUIO_NEEDS_SYS();
  std::istringstream table(output_of("LC_ALL=C lscpu -B -C=LEVEL,TYPE,ONE-SIZE,ALL-SIZE | tail -n +2"));
  const tequio::cpu_info info = tequio::cpu();
  unsigned level = 0;
  std::string type;
  std::uint64_t bytes = 0;
  std::uint64_t all_bytes = 0;
  std::size_t lines = 0;
  while (table >> level >> type >> bytes >> all_bytes) {
    ++lines;
    std::uint64_t sum = 0;
    for (const tequio::cpu_cache& cache : info.caches) {
      const char* name = cache.kind == tequio::cache_kind::data          ? "Data"
                         : cache.kind == tequio::cache_kind::instruction ? "Instruction"
                                                                         : "Unified";
      if (cache.level == level && name == type) sum += cache.bytes * cache.instances;
    }
    EXPECT_EQ(sum, all_bytes) << "level " << level << ' ' << type;
  }
  EXPECT_EQ(lines == 0, info.caches.empty());
  for (std::size_t i = 1; i < info.caches.size(); ++i) EXPECT_LE(info.caches[i - 1].level, info.caches[i].level);
}

TEST(cpu, counts_a_larger_machine) {
  ::setenv("HWLOC_SYNTHETIC", "pack:2 numa:1 l3:2(size=33554432) core:4 l2:1(size=1048576) l1:1(size=49152) pu:2", 1);
  const tequio::cpu_info info = tequio::cpu();
  ::unsetenv("HWLOC_SYNTHETIC");
  EXPECT_EQ(info.packages, 2U);
  EXPECT_EQ(info.numa_nodes, 2U);
  EXPECT_EQ(info.cores, 16U);
  ASSERT_EQ(info.caches.size(), 3U);
  EXPECT_EQ(info.caches[0].bytes, 49152U);
  EXPECT_EQ(info.caches[0].instances, 16U);
  EXPECT_EQ(info.caches[1].cores_sharing, 1U);
  EXPECT_EQ(info.caches[2].level, 3U);
  EXPECT_EQ(info.caches[2].bytes, 33554432U);
  EXPECT_EQ(info.caches[2].instances, 4U);
  EXPECT_EQ(info.caches[2].cores_sharing, 4U);
}

TEST(cpu, memory_is_within_its_bounds) {
  const tequio::cpu_info info = tequio::cpu();
  EXPECT_GT(info.memory_bytes, 0U);
  EXPECT_GT(info.memory_available_bytes, 0U);
  EXPECT_LE(info.memory_available_bytes, info.memory_bytes);
  EXPECT_LE(info.memory_available_bytes, info.memory_limit_bytes.value_or(info.memory_bytes));
}

}  // namespace
