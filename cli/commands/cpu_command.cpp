// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <string>

#include "commands/commands.hpp"
#include "output.hpp"
#include "tequio/cpu.hpp"

namespace tequio::cli {
namespace {

std::string bytes_text(std::uint64_t bytes) {
  static constexpr const char* units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  double amount = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; amount >= 1024 && unit + 1 < std::size(units); ++unit) amount /= 1024;
  return fmt::format("{:.4g} {}", amount, units[unit]);
}

std::string cache_name(const cpu_cache& cache) {
  const char* kind = cache.kind == cache_kind::data          ? " data"
                     : cache.kind == cache_kind::instruction ? " instruction"
                                                             : "";
  return fmt::format("L{}{} cache", cache.level, kind);
}

exit_code run() {
  const cpu_info info = cpu();
  output result("");
  const auto line = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) result.write(fmt::format("{:<22}{}\n", name, value));
  };
  const auto count = [](std::size_t number) { return number == 0 ? std::string() : fmt::format("{}", number); };
  line("processor", info.vendor.empty() ? info.model : fmt::format("{} ({})", info.model, info.vendor));
  line("logical processors", count(info.logical_processors));
  line("cores", count(info.cores));
  line("packages", count(info.packages));
  line("NUMA nodes", count(info.numa_nodes));
  for (const cpu_cache& cache : info.caches)
    line(cache_name(cache),
         fmt::format(
             "{} × {}, {}", cache.instances, bytes_text(cache.bytes),
             cache.cores_sharing == 1 ? "one per core" : fmt::format("{} cores share one", cache.cores_sharing)));
  line("allowed processors", count(info.affinity));
  line("allowed by cpuset", info.cpuset);
  line("processor quota", info.cpu_quota ? fmt::format("{:g} processors", *info.cpu_quota) : "none");
  line("memory", bytes_text(info.memory_bytes));
  line("memory limit", info.memory_limit_bytes ? bytes_text(*info.memory_limit_bytes) : "none");
  line("memory available", bytes_text(info.memory_available_bytes));
  result.write(fmt::format("\n{}\n", info.reason));
  result.finish();
  return exit_code::success;
}

}  // namespace

void add_cpu(CLI::App& tool, action& chosen) {
  CLI::App* command =
      tool.add_subcommand("cpu", "processors, quota, memory: how many workers, and why\n\n  tequio cpu\n");
  command->group("Commands");
  command->callback([&chosen] { chosen = run; });
}

}  // namespace tequio::cli
