// SPDX-License-Identifier: MIT
#include "tequio/outcome.hpp"

#include <cxxabi.h>
#include <fmt/core.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <typeinfo>

#include "base/signal_name.hpp"

namespace tequio {
namespace {

constexpr std::size_t longest_message = 64 * 1024;
constexpr std::size_t deepest_nesting = 16;

std::string demangled(const char* name) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(abi::__cxa_demangle(name, nullptr, nullptr, &status),
                                                         &std::free);
  return status == 0 && text ? text.get() : name;
}

exception_text describe(const std::exception& thrown) {
  // what() is user code: it may return null or an enormous text
  const char* message = thrown.what();
  const auto* own = dynamic_cast<const error*>(&thrown);
  return {.type = demangled(typeid(thrown).name()),
          .message = message ? std::string(message, ::strnlen(message, longest_message)) : "",
          .hint = own ? own->hint() : hint{}};
}

// Appends the exception being handled, then those nested in it.
void append_current(std::vector<exception_text>& chain) {
  try {
    throw;
  } catch (const std::exception& thrown) {
    chain.push_back(describe(thrown));
    if (chain.size() == deepest_nesting) return;
    try {
      std::rethrow_if_nested(thrown);
    } catch (...) {
      append_current(chain);
    }
  } catch (...) {
    const std::type_info* type = abi::__cxa_current_exception_type();
    chain.push_back({.type = type ? demangled(type->name()) : "unknown exception"});
  }
}

std::string describe_death(const failure& reason) {
  std::string text = reason.signal != 0 ? fmt::format("its worker was killed by {}", detail::signal_name(reason.signal))
                                        : fmt::format("its worker exited with code {}", reason.exit_code);
  text += fmt::format(" (worker {}, pid {}", reason.worker, reason.pid);
  if (reason.peak_memory_bytes != 0) text += fmt::format(", peak memory {} MiB", reason.peak_memory_bytes >> 20U);
  text += ')';
  if (reason.signal == SIGKILL)
    text += "; tequio did not send it: another program did, or the kernel when memory ran out";
  return text;
}

std::string describe_all(const std::vector<failure>& failures) {
  std::string text = failures.front().describe();
  if (failures.size() > 1) text += fmt::format(" (and {} more failed)", failures.size() - 1);
  return text;
}

}  // namespace

std::vector<exception_text> describe_current_exception() {
  std::vector<exception_text> chain;
  append_current(chain);
  return chain;
}

std::string failure::describe() const {
  std::string text;
  switch (kind) {
    case verdict::value:
      return "succeeded";
    case verdict::cancelled:
      return "cancelled";
    case verdict::timed_out:
      text = "timed out and was stopped";
      break;
    case verdict::died:
      text = describe_death(*this);
      break;
    case verdict::error:
      for (const exception_text& thrown : exceptions) {
        if (!text.empty()) text += ", caused by ";
        text += thrown.type;
        if (!thrown.message.empty()) text += ": " + thrown.message;
      }
      break;
  }
  if (attempts > 1) text += fmt::format(" (tried {} times)", attempts);
  return text;
}

task_error::task_error(std::vector<failure> failures)
    : error({.object = fmt::format("item {}", failures.front().item), .problem = describe_all(failures)}),
      m_failures(std::move(failures)) {}

}  // namespace tequio
