// SPDX-License-Identifier: MIT
#include "tequio/cpu.hpp"

#include <hwloc.h>

#include <algorithm>
#include <memory>

#include "engines/worker_bounds.hpp"
#include "system/cgroup.hpp"
#include "system/small_file.hpp"

namespace tequio {
namespace {

using topology = std::unique_ptr<hwloc_topology, void (*)(hwloc_topology_t)>;

/// Processors, caches and memory nodes; devices are neither looked for nor opened.
topology load_topology() {
  hwloc_topology_t raw = nullptr;
  if (::hwloc_topology_init(&raw) != 0) return {nullptr, ::hwloc_topology_destroy};
  topology loaded(raw, ::hwloc_topology_destroy);
  // this component would move this thread to each processor in turn; without it the kernel is asked
  ::hwloc_topology_set_components(raw, HWLOC_TOPOLOGY_COMPONENTS_FLAG_BLACKLIST, "x86");
  ::hwloc_topology_set_flags(raw, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED);
  ::hwloc_topology_set_cache_types_filter(raw, HWLOC_TYPE_FILTER_KEEP_ALL);
  ::hwloc_topology_set_icache_types_filter(raw, HWLOC_TYPE_FILTER_KEEP_ALL);
  if (::hwloc_topology_load(raw) != 0) loaded.reset();
  return loaded;
}

std::size_t count(hwloc_topology_t machine, hwloc_obj_type_t type) {
  return static_cast<std::size_t>(std::max(0, ::hwloc_get_nbobjs_by_type(machine, type)));
}

std::string text_of(hwloc_obj_t object, const char* name) {
  const char* text = object == nullptr ? nullptr : ::hwloc_obj_get_info_by_name(object, name);
  return text == nullptr ? std::string() : std::string(text);
}

cache_kind kind_of(hwloc_obj_cache_type_t type) {
  if (type == HWLOC_OBJ_CACHE_DATA) return cache_kind::data;
  return type == HWLOC_OBJ_CACHE_INSTRUCTION ? cache_kind::instruction : cache_kind::unified;
}

std::vector<cpu_cache> read_caches(hwloc_topology_t machine) {
  std::vector<cpu_cache> caches;
  for (const auto type : {HWLOC_OBJ_L1CACHE, HWLOC_OBJ_L1ICACHE, HWLOC_OBJ_L2CACHE, HWLOC_OBJ_L2ICACHE,
                          HWLOC_OBJ_L3CACHE, HWLOC_OBJ_L3ICACHE, HWLOC_OBJ_L4CACHE, HWLOC_OBJ_L5CACHE}) {
    for (hwloc_obj_t one = nullptr; (one = ::hwloc_get_next_obj_by_type(machine, type, one)) != nullptr;) {
      const int cores = ::hwloc_get_nbobjs_inside_cpuset_by_type(machine, one->cpuset, HWLOC_OBJ_CORE);
      const cpu_cache found{.level = one->attr->cache.depth,
                            .kind = kind_of(one->attr->cache.type),
                            .bytes = one->attr->cache.size,
                            .instances = 1,
                            .cores_sharing = static_cast<std::size_t>(std::max(cores, 1))};
      const auto same = std::ranges::find_if(caches, [&](const cpu_cache& known) {
        return known.level == found.level && known.kind == found.kind && known.bytes == found.bytes &&
               known.cores_sharing == found.cores_sharing;
      });
      if (same == caches.end()) {
        caches.push_back(found);
      } else {
        ++same->instances;
      }
    }
  }
  return caches;
}

void read_topology(cpu_info& info) {
  const topology loaded = load_topology();
  if (!loaded) return;
  hwloc_topology_t machine = loaded.get();
  const hwloc_obj_t package = ::hwloc_get_next_obj_by_type(machine, HWLOC_OBJ_PACKAGE, nullptr);
  info.vendor = text_of(package, "CPUVendor");
  info.model = text_of(package, "CPUModel");
  info.cores = count(machine, HWLOC_OBJ_CORE);
  info.packages = count(machine, HWLOC_OBJ_PACKAGE);
  info.numa_nodes = count(machine, HWLOC_OBJ_NUMANODE);
  info.caches = read_caches(machine);
}

void read_memory(cpu_info& info, const cgroup::limits& limits) {
  constexpr std::uint64_t kibibyte = 1024;
  const std::string text = small_file::read("/proc/meminfo");
  info.memory_bytes = small_file::value_of(text, "MemTotal").value_or(0) * kibibyte;
  info.memory_available_bytes = small_file::value_of(text, "MemAvailable").value_or(0) * kibibyte;
  info.memory_limit_bytes = limits.memory_limit;
  if (limits.memory_available) {
    info.memory_available_bytes = std::min(info.memory_available_bytes, *limits.memory_available);
  }
}

}  // namespace

cpu_info cpu() {
  cpu_info info;
  read_topology(info);
  const cgroup::limits limits = cgroup::read_limits();
  info.logical_processors = detail::processors();
  info.affinity = detail::affinity();
  info.cpuset = limits.cpuset;
  info.cpu_quota = limits.cpu_quota;
  read_memory(info, limits);
  const detail::worker_decision decided = detail::decide_workers();
  info.workers = decided.workers;
  info.reason = decided.reason;
  return info;
}

}  // namespace tequio
