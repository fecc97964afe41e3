// SPDX-License-Identifier: MIT
#include "tequio/data/zip.hpp"

#include <isa-l/crc.h>

#include <utility>

#include "data/source/zip_directory.hpp"
#include "data/text/text.hpp"
#include "tequio/data/format_error.hpp"

namespace tequio::data {
namespace {

constexpr const char* wrong_crc = "damaged: its checksum (CRC-32) does not match what was inflated";

/// A member's bytes through libzip: as stored for stored and deflate, decoded by libzip for its other methods.
class stored_input final : public input {
 public:
  stored_input(std::shared_ptr<const zip_directory> directory, std::size_t index, zip_flags_t flags, std::string name)
      : m_directory(std::move(directory)),
        m_handle(zip_fopen_index(m_directory->handle(), index, flags)),
        m_name(std::move(name)) {
    if (m_handle == nullptr) fail(zip_get_error(m_directory->handle()));
  }
  ~stored_input() override { zip_fclose(m_handle); }

  std::size_t read(std::span<std::byte> bytes) override {
    const zip_int64_t count = zip_fread(m_handle, bytes.data(), bytes.size());
    if (count < 0) fail(zip_file_get_error(m_handle));
    return static_cast<std::size_t>(count);
  }
  const std::string& name() const noexcept override { return m_name; }

 private:
  [[noreturn]] void fail(zip_error_t* failure) const {
    m_directory->rethrow_read_failure();
    const bool crc = zip_error_code_zip(failure) == ZIP_ER_CRC;  // libzip checks stored members itself
    throw format_error(
        {.object = m_name, .problem = crc ? wrong_crc : "damaged: " + message_of(failure), .cure = copy_again});
  }

  std::shared_ptr<const zip_directory> m_directory;
  zip_file_t* m_handle;
  std::string m_name;
};

/// A member's inflated bytes, compared with what the directory promises.
class checked_input final : public input {
 public:
  checked_input(std::unique_ptr<input> inflated, std::uint64_t promised_bytes, std::uint32_t promised_crc)
      : m_inflated(std::move(inflated)), m_promised_bytes(promised_bytes), m_promised_crc(promised_crc) {}

  std::size_t read(std::span<std::byte> bytes) override {
    if (bytes.empty()) return 0;
    const std::size_t count = m_inflated->read(bytes);
    m_bytes += count;
    m_crc = crc32_gzip_refl(m_crc, reinterpret_cast<const unsigned char*>(bytes.data()), count);
    if (m_bytes > m_promised_bytes || (count == 0 && m_bytes < m_promised_bytes)) fail(wrong_size());
    if (count == 0 && m_crc != m_promised_crc) fail(wrong_crc);
    return count;
  }
  const std::string& name() const noexcept override { return m_inflated->name(); }

 private:
  [[nodiscard]] std::string wrong_size() const {
    const std::string promised = ", the archive's directory says " + grouped(m_promised_bytes);
    return m_bytes > m_promised_bytes ? "damaged: has more bytes than it should" + promised
                                      : "damaged: has " + grouped(m_bytes) + " bytes" + promised;
  }
  [[noreturn]] void fail(std::string problem) const {
    throw format_error({.object = name(), .problem = std::move(problem), .cure = copy_again});
  }

  std::unique_ptr<input> m_inflated;
  std::uint64_t m_promised_bytes;
  std::uint32_t m_promised_crc;
  std::uint64_t m_bytes = 0;
  std::uint32_t m_crc = 0;
};

std::string name_of_method(std::uint16_t method) {
  switch (method) {
    case 1:
      return "shrink";
    case 6:
      return "implode";
    case 9:
      return "deflate64";
    case ZIP_CM_BZIP2:
      return "bzip2";
    case ZIP_CM_LZMA:
      return "LZMA";
    case 93:
      return "Zstandard";
    case ZIP_CM_XZ:
      return "XZ";
    case 98:
      return "PPMd";
    default:
      return "method " + std::to_string(method);
  }
}

void refuse_unreadable(const zip_member& member, const std::string& name) {
  if (member.is_folder())
    throw format_error({.object = name, .problem = "is a folder", .cure = "choose a member that is a file"});
  if (member.encrypted)
    throw format_error({.object = name, .problem = "encrypted: not supported", .cure = "decrypt it first"});
  if (zip_compression_method_supported(member.method, 0) == 0)
    throw format_error({.object = name,
                        .problem = "compressed by " + name_of_method(member.method) + ": not supported",
                        .cure = "compress it again by deflate, as zip does by default"});
}

}  // namespace

struct zip_archive::state {
  std::shared_ptr<const zip_directory> directory;
  inflate_limits limits;
};

zip_archive::zip_archive(file content, const inflate_limits& limits)
    : m_state(std::make_shared<state>(state{std::make_shared<zip_directory>(std::move(content)), limits})) {}

std::span<const zip_member> zip_archive::members() const noexcept { return m_state->directory->members(); }

const std::string& zip_archive::name() const noexcept { return m_state->directory->content().name(); }

std::unique_ptr<input> zip_archive::open(std::size_t index) const {
  const zip_member& member = members()[index];
  std::string full_name = name() + ":" + member.name;
  refuse_unreadable(member, full_name);
  if (const std::uint64_t archive_bytes = m_state->directory->content().size(); member.compressed_bytes > archive_bytes)
    throw format_error({.object = full_name,
                        .problem = "damaged: claims " + grouped(member.compressed_bytes) + " bytes of an archive of " +
                                   grouped(archive_bytes),
                        .cure = copy_again});
  const bool ours = member.method == ZIP_CM_STORE || member.method == ZIP_CM_DEFLATE;
  std::unique_ptr<input> bytes =
      std::make_unique<stored_input>(m_state->directory, index, ours ? ZIP_FL_COMPRESSED : 0, std::move(full_name));
  if (member.method == ZIP_CM_DEFLATE) bytes = inflate(std::move(bytes), deflate_format::raw);
  bytes = std::make_unique<checked_input>(std::move(bytes), member.bytes, member.crc);
  return limit(std::move(bytes), member.compressed_bytes, m_state->limits);
}

}  // namespace tequio::data
