// SPDX-License-Identifier: MIT
#include "system/cgroup.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace {

using tequio::cgroup::limits;
using tequio::cgroup::read_limits;

/// A made-up root folder with /proc and mounted groups, gone with the test.
class cgroup : public testing::Test {
 public:
  cgroup(const cgroup&) = delete;
  cgroup& operator=(const cgroup&) = delete;

 protected:
  cgroup() {
    std::string name = testing::TempDir() + "tequio_cgroup_XXXXXX";
    m_root = ::mkdtemp(name.data());
  }
  ~cgroup() override { std::filesystem::remove_all(m_root); }

  void write(const std::string& path, const std::string& text) const {
    const std::filesystem::path file = m_root + path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }

  void version_2(const std::string& group, const std::string& top = "/") const {
    write("/proc/self/cgroup", "0::" + group + "\n");
    write("/proc/self/mountinfo",
          fmt::format("22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
                      "25 22 0:22 {} /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n",
                      top));
  }

  void version_1(const std::string& group, const std::string& top = "/") const {
    write("/proc/self/cgroup", "7:pids:" + group + "\n4:memory:" + group + "\n3:cpuset:" + group +
                                   "\n2:cpu,cpuacct:" + group + "\n1:name=systemd:" + group + "\n");
    std::string mounts;
    for (const std::string controllers : {"cpu,cpuacct", "memory", "cpuset", "pids"}) {
      mounts += fmt::format("30 25 0:26 {0} /sys/fs/cgroup/{1} rw shared:8 - cgroup cgroup rw,{1}\n", top, controllers);
    }
    write("/proc/self/mountinfo", mounts);
  }

  [[nodiscard]] limits read() const { return read_limits(m_root); }
  [[nodiscard]] const std::string& root() const { return m_root; }

 private:
  std::string m_root;
};

using cgroup_v1 = cgroup;
using cgroup_v2 = cgroup;

void expect_no_limits(const limits& found) {
  EXPECT_EQ(found.cpu_quota, std::nullopt);
  EXPECT_EQ(found.memory_limit, std::nullopt);
  EXPECT_EQ(found.memory_available, std::nullopt);
  EXPECT_EQ(found.processes_available, std::nullopt);
  EXPECT_EQ(found.cpuset, "");
}

TEST_F(cgroup, no_files_are_no_limits) { expect_no_limits(read()); }

TEST_F(cgroup, a_group_without_files_is_no_limit) {
  version_2("/a/b");
  expect_no_limits(read());
}

TEST_F(cgroup, garbage_in_proc_is_no_limit) {
  for (const std::string& garbage :
       std::vector<std::string>{"", "\n\n", ":", "::", "0::", "0:", "0::no/slash", "::::::", " - ", "- cgroup2",
                                "1 2 3 - cgroup2 x y", "1 2 3 4 5 - cgroup2", "\xff\xfe\\777\\12 - cgroup"}) {
    write("/proc/self/cgroup", garbage);
    write("/proc/self/mountinfo", garbage);
    expect_no_limits(read());
    version_2("/a");
    write("/proc/self/mountinfo", garbage + "\n");
    expect_no_limits(read());
    version_2("/a");
    write("/proc/self/cgroup", garbage + "\n");
    expect_no_limits(read());
  }
}

TEST_F(cgroup, directories_in_the_place_of_files_are_no_limit) {
  version_2("/a");
  std::filesystem::create_directories(root() + "/sys/fs/cgroup/a/cpu.max");
  std::filesystem::create_directories(root() + "/sys/fs/cgroup/a/memory.max");
  expect_no_limits(read());
}

TEST_F(cgroup_v2, garbage_in_a_limit_is_ignored) {
  version_2("/a");
  for (const auto& garbage : std::vector<std::string>{
           "", "\n", "max", "max 100000", "100000", "abc def", "-1 100000", "0 100000", "100000 0", "100000 -5",
           "nan 1", "1e999 1", "100000 100000 100000", "200000 100000x", "0x10 1", std::string(100000, '9')}) {
    write("/sys/fs/cgroup/a/cpu.max", garbage);
    write("/sys/fs/cgroup/a/memory.max", garbage + "!");
    write("/sys/fs/cgroup/a/pids.max", garbage + "!");
    write("/sys/fs/cgroup/a/cpuset.cpus.effective", "cpus: " + garbage);
    expect_no_limits(read());
  }
}

TEST_F(cgroup_v2, quota_is_time_over_period) {
  version_2("/a");
  write("/sys/fs/cgroup/a/cpu.max", "50000 100000\n");
  EXPECT_EQ(read().cpu_quota, 0.5);
  write("/sys/fs/cgroup/a/cpu.max", "20000 20000\n");
  EXPECT_EQ(read().cpu_quota, 1.0);
  write("/sys/fs/cgroup/a/cpu.max", "150000 100000\n");
  EXPECT_EQ(read().cpu_quota, 1.5);
}

TEST_F(cgroup_v2, quota_of_an_ancestor_counts) {
  version_2("/slice/pod/container");
  write("/sys/fs/cgroup/slice/pod/container/cpu.max", "max 100000\n");
  write("/sys/fs/cgroup/slice/cpu.max", "150000 100000\n");
  EXPECT_EQ(read().cpu_quota, 1.5);
}

TEST_F(cgroup_v2, the_smallest_limit_of_the_path_counts) {
  version_2("/a/b/c");
  write("/sys/fs/cgroup/a/cpu.max", "400000 100000\n");
  write("/sys/fs/cgroup/a/b/cpu.max", "200000 100000\n");
  write("/sys/fs/cgroup/a/b/c/cpu.max", "300000 100000\n");
  write("/sys/fs/cgroup/a/memory.max", "1000\n");
  write("/sys/fs/cgroup/a/b/c/memory.max", "2000\n");
  EXPECT_EQ(read().cpu_quota, 2.0);
  EXPECT_EQ(read().memory_limit, 1000U);
}

TEST_F(cgroup_v2, siblings_do_not_count) {
  version_2("/a/b");
  write("/sys/fs/cgroup/a/b/cpu.max", "300000 100000\n");
  write("/sys/fs/cgroup/a/other/cpu.max", "100000 100000\n");
  write("/sys/fs/cgroup/a/b/below/cpu.max", "100000 100000\n");
  EXPECT_EQ(read().cpu_quota, 3.0);
}

TEST_F(cgroup_v2, depth_does_not_matter) {
  std::string group;
  for (int level = 0; level < 100; ++level) group += "/level";
  version_2(group);
  write("/sys/fs/cgroup/level/cpu.max", "150000 100000\n");
  write("/sys/fs/cgroup" + group + "/cpu.max", "max 100000\n");
  EXPECT_EQ(read().cpu_quota, 1.5);
}

TEST_F(cgroup_v2, limits_at_the_mount_point_of_a_namespace_count) {
  version_2("/");
  write("/sys/fs/cgroup/cpu.max", "150000 100000\n");
  write("/sys/fs/cgroup/memory.max", "4096\n");
  EXPECT_EQ(read().cpu_quota, 1.5);
  EXPECT_EQ(read().memory_limit, 4096U);
}

TEST_F(cgroup_v2, a_path_that_the_mount_does_not_show_falls_back_to_the_mount_point) {
  version_2("/kubepods/pod1/container");
  write("/sys/fs/cgroup/cpu.max", "50000 100000\n");
  EXPECT_EQ(read().cpu_quota, 0.5);
}

TEST_F(cgroup_v2, a_path_shown_without_its_first_groups_is_found) {
  version_2("/kubepods/pod1/container/mine");
  write("/sys/fs/cgroup/container/mine/cpu.max", "50000 100000\n");
  EXPECT_EQ(read().cpu_quota, 0.5);
}

TEST_F(cgroup_v2, a_group_outside_the_namespace_never_leads_out_of_the_mount) {
  version_2("/../../elsewhere");
  write("/sys/elsewhere/cpu.max", "50000 100000\n");
  write("/sys/fs/cgroup/cpu.max", "200000 100000\n");
  EXPECT_EQ(read().cpu_quota, 2.0);
}

TEST_F(cgroup_v2, a_mount_that_shows_a_group_is_followed_from_there) {
  version_2("/docker/1f2e/mine", "/docker/1f2e");
  write("/sys/fs/cgroup/mine/cpu.max", "max 100000\n");
  write("/sys/fs/cgroup/cpu.max", "100000 100000\n");
  EXPECT_EQ(read().cpu_quota, 1.0);
}

TEST_F(cgroup_v2, a_mount_whose_name_only_begins_like_the_group_is_not_its_ancestor) {
  version_2("/docker/1f2e", "/dock");
  write("/sys/fs/cgrouper/1f2e/cpu.max", "100000 100000\n");
  EXPECT_EQ(read().cpu_quota, std::nullopt);
}

TEST_F(cgroup_v2, a_mount_of_another_group_beside_the_right_one_does_not_count) {
  version_2("/a");
  write("/proc/self/mountinfo",
        "25 22 0:22 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
        "26 22 0:22 /b /mnt/b rw - cgroup2 cgroup2 rw\n");
  write("/sys/fs/cgroup/a/cpu.max", "200000 100000\n");
  write("/mnt/b/cpu.max", "100000 100000\n");
  EXPECT_EQ(read().cpu_quota, 2.0);
}

TEST_F(cgroup_v2, a_mount_that_begins_above_the_namespace_is_searched_for_the_own_group) {
  version_2("/mine", "/../..");
  write("/sys/fs/cgroup/pods/other/cpu.max", "50000 100000\n");
  write("/sys/fs/cgroup/pods/other/mine/cgroup.procs", "1\n");
  write("/sys/fs/cgroup/pods/ours/mine/cgroup.procs", "1\n" + std::to_string(::getpid()) + "\n");
  write("/sys/fs/cgroup/pods/ours/cpu.max", "200000 100000\n");
  EXPECT_EQ(read().cpu_quota, 2.0);
  write("/sys/fs/cgroup/pods/cpu.max", "150000 100000\n");
  EXPECT_EQ(read().cpu_quota, 1.5);
}

TEST_F(cgroup_v2, an_own_group_that_is_not_found_leaves_the_mount_point) {
  version_2("/", "/../..");
  write("/sys/fs/cgroup/pods/other/cpu.max", "50000 100000\n");
  write("/sys/fs/cgroup/cpu.max", "300000 100000\n");
  EXPECT_EQ(read().cpu_quota, 3.0);
}

TEST_F(cgroup_v2, blanks_and_colons_in_names_are_understood) {
  write("/proc/self/cgroup", "0::/a:b c\n");
  write("/proc/self/mountinfo", "25 22 0:22 / /sys/control\\040groups rw - cgroup2 cgroup2 rw\n");
  write("/sys/control groups/a:b c/cpu.max", "150000 100000\n");
  EXPECT_EQ(read().cpu_quota, 1.5);
}

TEST_F(cgroup_v2, memory_available_is_what_is_left_with_the_file_cache_given_back) {
  version_2("/a/b");
  write("/sys/fs/cgroup/a/memory.max", "10000\n");
  write("/sys/fs/cgroup/a/memory.current", "9000\n");
  write("/sys/fs/cgroup/a/memory.stat", "anon 6000\nfile 3000\ninactive_file 2500\n");
  write("/sys/fs/cgroup/a/b/memory.max", "8000\n");
  write("/sys/fs/cgroup/a/b/memory.current", "1000\n");
  EXPECT_EQ(read().memory_limit, 8000U);
  EXPECT_EQ(read().memory_available, 3500U);
  write("/sys/fs/cgroup/a/memory.current", "20000\n");
  EXPECT_EQ(read().memory_available, 0U);
}

TEST_F(cgroup_v2, processes_available_is_what_is_left) {
  version_2("/a/b");
  write("/sys/fs/cgroup/a/pids.max", "12\n");
  write("/sys/fs/cgroup/a/pids.current", "10\n");
  write("/sys/fs/cgroup/a/b/pids.max", "max\n");
  EXPECT_EQ(read().processes_available, 2U);
}

TEST_F(cgroup_v2, cpuset_is_that_of_the_nearest_group_that_has_one) {
  version_2("/a/b");
  write("/sys/fs/cgroup/cpuset.cpus.effective", "0-7\n");
  write("/sys/fs/cgroup/a/cpuset.cpus.effective", "0-3,7\n");
  write("/sys/fs/cgroup/a/b/cpuset.cpus.effective", "\n");
  EXPECT_EQ(read().cpuset, "0-3,7");
}

TEST_F(cgroup_v1, minus_one_is_no_quota) {
  version_1("/a");
  write("/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us", "-1\n");
  write("/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(read().cpu_quota, std::nullopt);
}

TEST_F(cgroup_v1, a_quota_without_a_period_is_ignored) {
  version_1("/a");
  write("/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us", "50000\n");
  EXPECT_EQ(read().cpu_quota, std::nullopt);
}

TEST_F(cgroup_v1, quota_of_an_ancestor_counts) {
  version_1("/docker/1f2e");
  write("/sys/fs/cgroup/cpu,cpuacct/docker/1f2e/cpu.cfs_quota_us", "-1\n");
  write("/sys/fs/cgroup/cpu,cpuacct/docker/1f2e/cpu.cfs_period_us", "100000\n");
  write("/sys/fs/cgroup/cpu,cpuacct/docker/cpu.cfs_quota_us", "50000\n");
  write("/sys/fs/cgroup/cpu,cpuacct/docker/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(read().cpu_quota, 0.5);
}

TEST_F(cgroup_v1, a_container_that_sees_the_path_of_the_host_is_followed) {
  version_1("/docker/1f2e", "/docker/1f2e");
  write("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "150000\n");
  write("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
  write("/sys/fs/cgroup/memory/memory.limit_in_bytes", "1048576\n");
  write("/sys/fs/cgroup/memory/memory.usage_in_bytes", "48576\n");
  write("/sys/fs/cgroup/memory/memory.stat", "total_inactive_file 8576\n");
  write("/sys/fs/cgroup/cpuset/cpuset.effective_cpus", "1\n");
  write("/sys/fs/cgroup/pids/pids.max", "100\n");
  write("/sys/fs/cgroup/pids/pids.current", "40\n");
  const limits found = read();
  EXPECT_EQ(found.cpu_quota, 1.5);
  EXPECT_EQ(found.memory_limit, 1048576U);
  EXPECT_EQ(found.memory_available, 1008576U);
  EXPECT_EQ(found.cpuset, "1");
  EXPECT_EQ(found.processes_available, 60U);
}

TEST_F(cgroup_v1, the_largest_number_of_bytes_is_no_memory_limit) {
  version_1("/a");
  for (const std::string none : {"9223372036854771712", "9223372036854710272", "18446744073709551615"}) {
    write("/sys/fs/cgroup/memory/a/memory.limit_in_bytes", none + "\n");
    EXPECT_EQ(read().memory_limit, std::nullopt);
  }
}

TEST_F(cgroup, both_versions_side_by_side_give_the_smallest) {
  write("/proc/self/cgroup", "4:memory:/m\n1:cpu:/c\n0::/u\n");
  write("/proc/self/mountinfo",
        "32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
        "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
        "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
  write("/sys/fs/cgroup/cpu/c/cpu.cfs_quota_us", "300000\n");
  write("/sys/fs/cgroup/cpu/c/cpu.cfs_period_us", "100000\n");
  write("/sys/fs/cgroup/memory/m/memory.limit_in_bytes", "4096\n");
  EXPECT_EQ(read().cpu_quota, 3.0);
  EXPECT_EQ(read().memory_limit, 4096U);
  write("/sys/fs/cgroup/unified/u/cpu.max", "200000 100000\n");
  EXPECT_EQ(read().cpu_quota, 2.0);
}

TEST_F(cgroup, a_controller_whose_name_is_part_of_another_is_told_apart) {
  write("/proc/self/cgroup", "2:cpuacct:/a\n3:cpuset:/a\n");
  write("/proc/self/mountinfo", "32 31 0:29 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n");
  write("/sys/fs/cgroup/cpuset/a/cpu.cfs_quota_us", "100000\n");
  write("/sys/fs/cgroup/cpuset/a/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(read().cpu_quota, std::nullopt);
}

}  // namespace
