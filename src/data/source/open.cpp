// SPDX-License-Identifier: MIT
#include "tequio/data/open.hpp"

#include <string_view>
#include <utility>

#include "data/source/magic.hpp"
#include "data/text/text.hpp"
#include "tequio/data/file.hpp"
#include "tequio/data/format_error.hpp"
#include "tequio/data/zip.hpp"

namespace tequio::data {
namespace {

[[noreturn]] void refuse_compression(const std::string& name, const char* method, const char* program) {
  throw format_error({.object = name,
                      .problem = std::string("compressed by ") + method + ": not supported",
                      .cure = std::string("decompress it first, with ") + program});
}

std::unique_ptr<input> open_zip(file content, const open_options& options) {
  const zip_archive archive(std::move(content), options.limits);
  return archive.open(find_table(archive, options.member));
}

std::unique_ptr<input> open_gzip(file content, const open_options& options) {
  const std::uint64_t compressed_bytes = content.size();
  return limit(inflate(read_forward(std::move(content)), deflate_format::gzip), compressed_bytes, options.limits);
}

}  // namespace

std::unique_ptr<input> open_table(const source& from, const open_options& options) {
  file content = open_file(from, options.fetch);
  if (content.size() == 0 && is_named(from, ".gz"))
    throw format_error({.object = from.label, .problem = "empty file, not gzip data", .cure = copy_again});
  if (is_named(from, ".zip")) return open_zip(std::move(content), options);
  switch (content_of(content)) {
    case content_kind::zip:
      return open_zip(std::move(content), options);
    case content_kind::gzip:
      return open_gzip(std::move(content), options);
    case content_kind::zstandard:
      refuse_compression(from.label, "Zstandard", "zstd -d");
    case content_kind::bzip2:
      refuse_compression(from.label, "bzip2", "bunzip2");
    case content_kind::xz:
      refuse_compression(from.label, "xz", "unxz");
    case content_kind::html:
      refuse_html(from.label, "a table");
    case content_kind::plain:
      break;
  }
  return read_forward(std::move(content));
}

}  // namespace tequio::data
