// SPDX-License-Identifier: MIT
#include "system/cgroup.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <vector>

#include "system/small_file.hpp"

namespace tequio::cgroup {
namespace {

using small_file::parse;
using small_file::read;
using small_file::split;
using small_file::value_of;
using folders = std::vector<std::string>;

/// A hierarchy of groups and where it is mounted. In version 2 one hierarchy has all controllers.
struct hierarchy {
  int version = 0;
  std::string controllers{};  ///< version 1: "cpu,cpuacct"
  std::string top{};          ///< the group that the mount point shows
  std::string mount_point{};
};

bool has_word(std::string_view list, std::string_view word) { return std::ranges::count(split(list, ','), word) > 0; }

/// mountinfo writes blanks and backslashes as three octal digits.
std::string unescape(std::string_view text) {
  std::string plain;
  const auto octal = [&](std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '7'; };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && octal(i + 1) && octal(i + 2) && octal(i + 3)) {
      plain += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
      i += 3;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

/// Lines read "ID PARENT DEVICE TOP MOUNT_POINT OPTIONS [TAGS] - TYPE SOURCE CONTROLLERS".
std::vector<hierarchy> read_hierarchies(const std::string& root) {
  std::vector<hierarchy> found;
  const std::string text = read(root + "/proc/self/mountinfo");
  for (const std::string_view line : split(text, '\n')) {
    const auto dash = line.find(" - ");
    if (dash == std::string_view::npos) continue;
    const auto mount = split(line.substr(0, dash), ' ');
    const auto system = split(line.substr(dash + 3), ' ');
    if (mount.size() < 5 || system.size() < 3) continue;
    const int version = system[0] == "cgroup2" ? 2 : system[0] == "cgroup" ? 1 : 0;
    if (version == 0) continue;
    found.push_back({version, std::string(system[2]), unescape(mount[3]), root + unescape(mount[4])});
  }
  return found;
}

bool is_folder(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

/// The part of `path` below `top`; nothing when it is not below.
std::optional<std::string> below(std::string_view path, std::string_view top) {
  if (top == "/") top = "";
  if (!path.starts_with(top)) return std::nullopt;
  path.remove_prefix(top.size());
  if (!path.empty() && path.front() != '/') return std::nullopt;
  return std::string(path);
}

/// The group's folder and its ancestors up to the mount point.
///
/// In a namespace or a container the path may begin with groups that the mount does not show: these are left out from
/// the front until a folder exists. The mount point itself always exists.
void append_ancestry(folders& all, const std::string& mount_point, std::string group) {
  const bool outside = group.find("/..") != std::string::npos;  // of our namespace: its folder is not visible
  if (outside || group == "/") group.clear();
  while (!group.empty() && !is_folder(mount_point + group)) group.erase(0, std::min(group.find('/', 1), group.size()));
  while (!group.empty()) {
    all.push_back(mount_point + group);
    group.erase(group.rfind('/'));
  }
  all.push_back(mount_point);
}

/// How many levels above the root of our namespace a mount begins that shows `top` = "/.." or "/../.." and so on.
std::size_t levels_above(std::string_view top) {
  constexpr std::string_view up = "/..";
  std::size_t levels = 0;
  for (; top.starts_with(up); top.remove_prefix(up.size())) ++levels;
  return top.empty() ? levels : 0;
}

/// Our group's path below `folder`, which begins `levels` above our namespace: the kernel does not tell the names in
/// between, but it tells which processes a group has. Empty when it is not found.
std::string search(const std::string& folder, std::size_t levels, const std::string& group) {
  if (levels == 0) {
    const std::string members = read(folder + group + "/cgroup.procs");
    return std::ranges::count(split(members, '\n'), std::to_string(::getpid())) > 0 ? group : "";
  }
  std::error_code unreadable;
  for (std::filesystem::directory_iterator entry(folder, unreadable), end; entry != end; entry.increment(unreadable)) {
    const std::string name = "/" + entry->path().filename().string();
    if (!is_folder(folder + name)) continue;
    if (const auto found = search(folder + name, levels - 1, group); !found.empty()) return name + found;
  }
  return {};
}

/// Where limits of `controller` can stand for this process, in both versions.
class places {
 public:
  explicit places(const std::string& root)
      : m_hierarchies(read_hierarchies(root)), m_memberships(read(root + "/proc/self/cgroup")) {}

  [[nodiscard]] folders of(int version, std::string_view controller) const {
    folders below_top;
    folders elsewhere;
    for (const std::string_view line : split(m_memberships, '\n')) {  // "ID:CONTROLLERS:PATH"
      const auto first = line.find(':');
      const auto second = line.find(':', first + 1);
      if (first == std::string_view::npos || second == std::string_view::npos) continue;
      const std::string_view controllers = line.substr(first + 1, second - first - 1);
      const std::string path(line.substr(second + 1));
      if (!path.starts_with('/')) continue;
      if (version == 2 ? !controllers.empty() : !has_word(controllers, controller)) continue;
      for (const hierarchy& one : m_hierarchies) {
        if (one.version != version || (version == 1 && !has_word(one.controllers, controller))) continue;
        if (const auto levels = levels_above(one.top); levels > 0) {
          append_ancestry(below_top, one.mount_point, search(one.mount_point, levels, path));
        } else if (const auto group = below(path, one.top)) {
          append_ancestry(below_top, one.mount_point, *group);
        } else {
          append_ancestry(elsewhere, one.mount_point, path);
        }
      }
    }
    return below_top.empty() ? elsewhere : below_top;
  }

 private:
  std::vector<hierarchy> m_hierarchies;
  std::string m_memberships;
};

template <class Number>
void keep_smallest(std::optional<Number>& kept, std::optional<Number> other) {
  if (other && (!kept || *other < *kept)) kept = other;
}

std::optional<double> quota(std::optional<double> time, std::optional<double> period) {
  if (!time || !period || !(*time > 0) || !(*period > 0)) return std::nullopt;  // -1: no quota
  return *time / *period;
}

std::optional<double> read_cpu_quota(const places& groups) {
  std::optional<double> smallest;
  for (const std::string& group : groups.of(2, "cpu")) {
    const std::string text = read(group + "/cpu.max");  // "max 100000", "150000 100000"
    const auto words = split(text, ' ');
    if (words.size() == 2) keep_smallest(smallest, quota(parse<double>(words[0]), parse<double>(words[1])));
  }
  for (const std::string& group : groups.of(1, "cpu")) {
    keep_smallest(smallest, quota(parse<double>(read(group + "/cpu.cfs_quota_us")),
                                  parse<double>(read(group + "/cpu.cfs_period_us"))));
  }
  return smallest;
}

/// The list of the nearest group that has one.
std::string read_cpuset(const places& groups) {
  for (const int version : {2, 1}) {
    for (const std::string& group : groups.of(version, "cpuset")) {
      const std::string text = read(group + (version == 2 ? "/cpuset.cpus.effective" : "/cpuset.effective_cpus"));
      const bool is_list = text.find_first_not_of("0123456789,-\n") == std::string::npos;
      if (is_list && text.size() > 1) return text.substr(0, text.find('\n'));
    }
  }
  return {};
}

struct memory_files {
  int version;
  const char* limit;
  const char* used;
  const char* cache;
};

void read_memory(const places& groups, limits& result) {
  constexpr std::uint64_t unlimited = std::uint64_t{1} << 62;  // version 1 writes the largest multiple of a page
  for (const auto& names :
       {memory_files{2, "/memory.max", "/memory.current", "inactive_file"},
        memory_files{1, "/memory.limit_in_bytes", "/memory.usage_in_bytes", "total_inactive_file"}}) {
    for (const std::string& group : groups.of(names.version, "memory")) {
      const auto limit = parse<std::uint64_t>(read(group + names.limit));
      if (!limit || *limit >= unlimited) continue;
      keep_smallest(result.memory_limit, limit);
      const auto used = parse<std::uint64_t>(read(group + names.used)).value_or(0);
      const auto cache = value_of(read(group + "/memory.stat"), names.cache).value_or(0);
      const auto held = used - std::min(used, cache);
      keep_smallest<std::uint64_t>(result.memory_available, *limit - std::min(*limit, held));
    }
  }
}

std::optional<std::uint64_t> read_processes_available(const places& groups) {
  std::optional<std::uint64_t> smallest;
  for (const int version : {2, 1}) {
    for (const std::string& group : groups.of(version, "pids")) {
      const auto limit = parse<std::uint64_t>(read(group + "/pids.max"));
      if (!limit) continue;
      const auto current = parse<std::uint64_t>(read(group + "/pids.current")).value_or(0);
      keep_smallest<std::uint64_t>(smallest, *limit - std::min(*limit, current));
    }
  }
  return smallest;
}

}  // namespace

limits read_limits(const std::string& root) {
  const places groups(root);
  limits result;
  result.cpu_quota = read_cpu_quota(groups);
  result.cpuset = read_cpuset(groups);
  read_memory(groups, result);
  result.processes_available = read_processes_available(groups);
  return result;
}

}  // namespace tequio::cgroup
