// SPDX-License-Identifier: MIT
#include "tequio/named_memory.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <functional>
#include <numeric>

#include "support/files/python.hpp"
#include "support/leak_check.hpp"
#include "support/sanitizers.hpp"
#include "support/workers/in_child.hpp"
#include "tequio/error.hpp"

namespace {

using tequio::name_lasts;
using tequio::named_memory;
using tequio::test::in_child;
using tequio::test::run_python;

/// Uses one name, of which nothing may be left.
class named_memory_test : public tequio::test::leak_checked {
 protected:
  void TearDown() override {
    EXPECT_FALSE(named_memory::remove(name)) << "a name is left";
    leak_checked::TearDown();
  }

  const std::string name = "tequio_test_" + std::to_string(::getpid());
};

class named_memory_between_processes : public named_memory_test {
 protected:
  void SetUp() override {
    named_memory_test::SetUp();
    if (tequio::test::thread_sanitizer) GTEST_SKIP() << "ThreadSanitizer's own thread forbids the fork";
  }
};

class named_memory_with_python : public named_memory_test {
 protected:
  // the lines every script begins with
  const std::string preface = "from multiprocessing import shared_memory, resource_tracker\nname = '" + name + "'\n";
};

std::string refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const tequio::error& refused) {
    return refused.what();
  }
  return "no error";
}

bool exists(const std::string& name) { return std::filesystem::exists("/dev/shm/" + name); }

bool is_listed(const std::string& name, std::size_t size) {
  const auto all = named_memory::list();
  const auto found = std::ranges::find(all, name, &tequio::named_memory_entry::name);
  return found != all.end() && found->size == size && found->user == ::getuid();
}

TEST_F(named_memory_test, a_name_that_is_taken_is_an_error_that_says_what_to_do) {
  const auto first = named_memory::create(name, 10);
  EXPECT_EQ(
      refusal([&] { static_cast<void>(named_memory::create("/" + name, 10)); }),
      "named memory \"" + name + "\": cannot be made: File exists; open() it, or remove() it where its maker is gone");
  EXPECT_TRUE(exists(name)) << "the first one's name stays";
}

TEST_F(named_memory_test, a_missing_one_is_an_error_that_says_what_to_do) {
  EXPECT_EQ(refusal([&] { static_cast<void>(named_memory::open(name)); }),
            "named memory \"" + name +
                "\": cannot be opened: No such file or directory; check the name, and that its maker still has it: "
                "named_memory::list() tells what there is");
}

TEST_F(named_memory_test, names_that_cannot_be_are_errors) {
  const auto refused = [](std::string_view bad) {
    return refusal([&] { static_cast<void>(named_memory::create(bad, 10)); });
  };
  EXPECT_EQ(refused(""), "named memory \"\": no name; give it a name such as \"results\"");
  EXPECT_EQ(refused("/"), "named memory \"/\": no name; give it a name such as \"results\"");
  EXPECT_NE(refused("..").find("no name"), std::string::npos);
  EXPECT_EQ(refused("a/b"), "named memory \"a/b\": a slash within the name; use a name without folders");
  EXPECT_NE(refused(std::string("a\0b", 3)).find("a zero byte within the name"), std::string::npos);
  EXPECT_NE(refused(std::string(256, 'x')).find("a name of 256 bytes; use 255 at most"), std::string::npos);
  EXPECT_NE(refusal([] { named_memory::remove("a/b"); }).find("a slash"), std::string::npos);
}

TEST_F(named_memory_test, sizes_that_cannot_be_are_errors) {
  const auto refused = [&](std::size_t size) {
    return refusal([&] { static_cast<void>(named_memory::create(name, size)); });
  };
  EXPECT_EQ(refused(0), "named memory \"" + name + "\": a size of 0 bytes; ask for one at least");
  EXPECT_NE(refused(static_cast<std::size_t>(-1)).find("or a negative one; check how it was computed"),
            std::string::npos);
  const std::string too_much = refused(std::size_t{1} << 45);
  EXPECT_NE(too_much.find("33554432 MiB wanted where "), std::string::npos) << too_much;
  EXPECT_NE(too_much.find("are left in /dev/shm, named_memory::list() tells who has it"), std::string::npos)
      << too_much;
  EXPECT_FALSE(exists(name));
}

TEST_F(named_memory_test, one_of_no_bytes_is_no_memory) {
  // as a maker leaves it that dies between making a name and giving it a size
  ::close(::shm_open(name.c_str(), O_CREAT | O_RDWR, 0600));
  EXPECT_NE(refusal([&] { static_cast<void>(named_memory::open(name)); }).find("no bytes in it; its maker is at work"),
            std::string::npos);
  EXPECT_TRUE(named_memory::remove(name));
}

TEST_F(named_memory_test, a_larger_one_than_there_is_is_not_opened) {
  const auto small = named_memory::create(name, 10);
  EXPECT_NE(refusal([&] {
              static_cast<void>(named_memory::open_or_create(name, 11));
            }).find("11 bytes wanted of one that has 10; ask for no more, or remove() it first"),
            std::string::npos);
}

TEST_F(named_memory_test, views_lie_inside_and_aligned) {
  const auto memory = named_memory::create(name, 17);
  EXPECT_EQ(memory.as<double>().size(), 2U);
  EXPECT_EQ(memory.as<std::byte>(17).size(), 0U);
  EXPECT_NE(refusal([&] { static_cast<void>(memory.as<double>(4)); }).find("start inside it, at a multiple of 8"),
            std::string::npos);
  EXPECT_THROW(static_cast<void>(memory.as<char>(18)), tequio::error);
}

TEST_F(named_memory_test, is_zero_private_and_of_the_size_asked_for) {
  const auto memory = named_memory::create(name, 5000);
  EXPECT_TRUE(memory.created());
  EXPECT_EQ(memory.size(), 5000U);
  EXPECT_TRUE(std::ranges::all_of(memory.bytes(), [](std::byte byte) { return byte == std::byte{0}; }));
  struct stat status {};
  ::stat(("/dev/shm/" + name).c_str(), &status);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(status.st_size, 5000);
  EXPECT_GE(status.st_blocks * 512, 5000) << "its memory is there before it is touched";
  EXPECT_TRUE(is_listed(name, 5000));
}

TEST_F(named_memory_test, opened_ones_show_the_same_bytes_and_outlive_the_name) {
  auto made = named_memory::create("/" + name, 100);
  EXPECT_EQ(made.name(), name);
  auto opened = named_memory::open(name);
  EXPECT_FALSE(opened.created());
  made.as<int>()[3] = 42;
  made.unlink();
  EXPECT_FALSE(exists(name));
  EXPECT_EQ(opened.as<int>()[3], 42);
  opened = named_memory::open_or_create(name, 8);
  EXPECT_TRUE(opened.created());
  EXPECT_EQ(opened.as<int>()[0], 0);
}

TEST_F(named_memory_test, another_of_the_same_name_is_not_removed) {
  {
    const auto first = named_memory::create(name, 10);
    EXPECT_TRUE(named_memory::remove(name));
    const auto second = named_memory::create(name, 10, {.name_lasts = name_lasts::until_removed});
  }
  EXPECT_TRUE(named_memory::remove(name));
}

TEST_F(named_memory_between_processes, a_forked_child_does_not_remove_its_parents_name) {
  auto memory = named_memory::create(name, 10);
  EXPECT_EQ(in_child([&] {
              const named_memory moved = std::move(memory);
              moved.bytes()[0] = std::byte{7};
              return 0;
            }),
            0);
  EXPECT_TRUE(exists(name));
  EXPECT_EQ(memory.bytes()[0], std::byte{7});
}

TEST_F(named_memory_between_processes, a_killed_makers_memory_is_found_opened_and_removed) {
  EXPECT_EQ(in_child([&] {
              auto memory = named_memory::create(name, 12);
              memory.as<int>()[2] = 9;
              return ::raise(SIGKILL);
            }),
            1000 + SIGKILL);
  EXPECT_TRUE(is_listed(name, 12));
  EXPECT_NE(refusal([&] { static_cast<void>(named_memory::create(name, 12)); }).find("where its maker is gone"),
            std::string::npos);
  EXPECT_EQ(named_memory::open(name).as<int>()[2], 9);
  EXPECT_TRUE(exists(name)) << "who only opened it leaves its name";
  EXPECT_TRUE(named_memory::remove(name));
}

TEST_F(named_memory_between_processes, a_full_folder_is_an_error_and_no_signal) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root mounts a small /dev/shm";
  const int code = in_child([&] {
    if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("tequio", "/dev/shm", "tmpfs", 0, "size=1m") != 0)
      return 77;
    const std::string full = refusal([&] { static_cast<void>(named_memory::create(name, 2 << 20)); });
    if (full.find("No space left on device; free memory: 1 MiB are left in /dev/shm") == full.npos) return 1;
    // what Python does: a size, and no memory behind it
    const int file = ::shm_open(name.c_str(), O_CREAT | O_RDWR, 0600);
    if (::ftruncate(file, 2 << 20) != 0) return 2;
    return refusal([&] { static_cast<void>(named_memory::open(name)); }).find("No space left") != full.npos ? 0 : 3;
  });
  if (code == 77) GTEST_SKIP() << "no mount is allowed here";
  EXPECT_EQ(code, 0);
}

TEST_F(named_memory_between_processes, a_limit_on_files_is_an_error_and_no_signal) {
  EXPECT_EQ(in_child([&] {
              const rlimit small{4096, 4096};
              ::setrlimit(RLIMIT_FSIZE, &small);
              const std::string all = refusal([&] { static_cast<void>(named_memory::create(name, 5000)); });
              return all.find("5000 bytes wanted where files may have 4096; raise `ulimit -f`") != all.npos ? 0 : 1;
            }),
            0);
}

TEST_F(named_memory_with_python, python_reads_and_writes_what_is_made_here) {
  const auto memory = named_memory::create(name, 24);
  memory.as<double>()[1] = 0.5;
  const auto ran = run_python(preface + R"(
import struct
memory = shared_memory.SharedMemory(name=name)
resource_tracker.unregister('/' + name, 'shared_memory')
print(memory.name == name, memory.size, struct.unpack_from('d', memory.buf, 8)[0])
struct.pack_into('d', memory.buf, 16, 2.5)
memory.close())");
  EXPECT_EQ(ran.printed, "True 24 0.5\n");
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(memory.as<double>()[2], 2.5);
  EXPECT_TRUE(exists(name)) << "with unregister() the name stays";
}

TEST_F(named_memory_with_python, python_removes_what_it_only_opened_unless_told) {
  const auto memory = named_memory::create(name, 24);
  const auto ran = run_python(preface +
                              "shared_memory.SharedMemory(name=name).close()\n"
                              "import sys\nsys.exit(3 if sys.version_info >= (3, 13) else 0)");
  if (ran.exit_code == 3) GTEST_SKIP() << "this Python has track=False";
  EXPECT_FALSE(exists(name)) << "the header tells of it; where this fails, Python has changed";
  EXPECT_EQ(memory.bytes()[0], std::byte{0}) << "the memory is still there";
}

TEST_F(named_memory_with_python, what_python_makes_is_opened_here) {
  // Python keeps the name when it is told to forget it
  const auto ran = run_python(preface + R"(
memory = shared_memory.SharedMemory(name=name, create=True, size=10)
memory.buf[:5] = b'hello'
resource_tracker.unregister('/' + name, 'shared_memory')
memory.close())");
  EXPECT_EQ(ran.printed, "");
  {
    const auto memory = named_memory::open(name);
    EXPECT_EQ(memory.size(), 10U);
    EXPECT_EQ(std::string(memory.as<char>().data(), 5), "hello");
  }
  EXPECT_TRUE(exists(name));
  EXPECT_TRUE(named_memory::remove(name));
}

TEST_F(named_memory_with_python, python_sees_clash_and_absence) {
  {
    const auto memory = named_memory::create(name, 24);
    const auto clash = run_python(preface + "shared_memory.SharedMemory(name=name, create=True, size=1)");
    EXPECT_NE(clash.printed.find("FileExistsError"), std::string::npos) << clash.printed;
    EXPECT_TRUE(exists(name));
  }
  const auto gone = run_python(preface + "shared_memory.SharedMemory(name=name)");
  EXPECT_NE(gone.printed.find("FileNotFoundError"), std::string::npos) << gone.printed;
}

TEST_F(named_memory_with_python, numpy_works_on_it_without_a_copy) {
  const auto memory = named_memory::create(name, 8 * 1000);
  const auto numbers = memory.as<double>();
  std::iota(numbers.begin(), numbers.end(), 0.0);
  const auto ran = run_python(preface + R"(
try:
    import numpy
except ImportError:
    print('no numpy')
    raise SystemExit
memory = shared_memory.SharedMemory(name=name)
resource_tracker.unregister('/' + name, 'shared_memory')
array = numpy.ndarray((1000,), dtype='f8', buffer=memory.buf)
print(int(array.sum()))
array *= 2
del array
memory.close())");
  if (ran.printed == "no numpy\n") GTEST_SKIP() << "no numpy for /usr/bin/python3";
  EXPECT_EQ(ran.printed, "499500\n");
  EXPECT_EQ(numbers[999], 1998.0);
}

}  // namespace
