// SPDX-License-Identifier: MIT
#include "data/source/http_attempt.hpp"

#include <curl/curl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <exception>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "data/source/http_words.hpp"
#include "data/text/text.hpp"
#include "system/no_broken_pipe.hpp"
#include "system/system.hpp"
#include "tequio/error.hpp"
#include "tequio/version.hpp"

namespace tequio::data {
namespace {

struct curl_deleter {
  void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

void prepare_libcurl() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) throw error({.object = "libcurl", .problem = curl_easy_strerror(code)});
}

/// One request and the arrival of its answer.
class request {
 public:
  request(const source& from, const fetch_options& options, partial_page& page)
      : m_from(from), m_options(options), m_page(page), m_handle(curl_easy_init()) {
    if (!m_handle) throw error({.object = from.label, .problem = "libcurl has no memory for a request"});
  }

  attempt_report perform(std::chrono::milliseconds time_left);

 private:
  template <class Value>
  void set(CURLoption option, Value value) {
    if (const CURLcode code = curl_easy_setopt(m_handle.get(), option, value); code != CURLE_OK)
      throw error({.object = m_from.label, .problem = curl_easy_strerror(code)});
  }
  void set_limits(std::chrono::milliseconds time_left);
  void ask_for_rest();

  static std::size_t write(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  void begin_body();
  void resume_body();
  void append(std::span<const std::byte> bytes);

  [[nodiscard]] long status() const noexcept;
  [[nodiscard]] std::string_view header(const char* name) const noexcept;
  [[nodiscard]] std::string detail(CURLcode code) const;
  attempt_report judge(CURLcode code);

  const source& m_from;
  const fetch_options& m_options;
  partial_page& m_page;
  std::unique_ptr<CURL, curl_deleter> m_handle;
  std::unique_ptr<curl_slist, curl_deleter> m_headers;
  char m_detail[CURL_ERROR_SIZE] = {};
  bool m_begun = false;            // the first byte of the body has come
  bool m_other_range = false;      // the server sent a part that was not asked for
  std::exception_ptr m_failure{};  // of write(), carried across libcurl
};

void request::set_limits(std::chrono::milliseconds time_left) {
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(m_options.connect_timeout.count()));
  set(CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(m_options.stall_speed));
  set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(m_options.stall_timeout.count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(time_left.count()));
  set(CURLOPT_FOLLOWLOCATION, 1L);
  set(CURLOPT_MAXREDIRS, static_cast<long>(m_options.redirects));
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
}

void request::ask_for_rest() {
  if (m_page.bytes == 0) return;
  const std::string condition = "If-Range: " + m_page.validator;
  m_headers.reset(curl_slist_append(nullptr, condition.c_str()));
  set(CURLOPT_HTTPHEADER, m_headers.get());
  set(CURLOPT_RANGE, (std::to_string(m_page.bytes) + "-").c_str());
}

attempt_report request::perform(std::chrono::milliseconds time_left) {
  if (m_page.validator.empty()) m_page.bytes = 0;
  set(CURLOPT_URL, m_from.address.c_str());
  set(CURLOPT_USERAGENT, (std::string("tequio/") + version()).c_str());
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_FAILONERROR, 1L);
  set(CURLOPT_ERRORBUFFER, &m_detail[0]);
  set(CURLOPT_BUFFERSIZE, 256L * 1024);
  set(CURLOPT_ACCEPT_ENCODING, "identity");  // nothing is asked for, but what comes encoded is decoded
  if (!m_options.ca_file.empty()) set(CURLOPT_CAINFO, m_options.ca_file.c_str());
  set(CURLOPT_WRITEFUNCTION, &request::write);
  set(CURLOPT_WRITEDATA, static_cast<void*>(this));
  set_limits(time_left);
  ask_for_rest();
  return judge(curl_easy_perform(m_handle.get()));
}

long request::status() const noexcept {
  long status = 0;
  curl_easy_getinfo(m_handle.get(), CURLINFO_RESPONSE_CODE, &status);
  return status;
}

std::string_view request::header(const char* name) const noexcept {
  curl_header* found = nullptr;
  return curl_easy_header(m_handle.get(), name, 0, CURLH_HEADER, -1, &found) == CURLHE_OK ? found->value
                                                                                          : std::string_view();
}

std::size_t request::write(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  auto& here = *static_cast<request*>(self);
  try {
    if (!here.m_begun) here.begin_body();
    if (here.m_other_range) return 0;
    here.append(std::as_bytes(std::span(data, size * count)));
    return size * count;
  } catch (...) {
    here.m_failure = std::current_exception();
    return 0;
  }
}

/// A whole page replaces what was there before.
void request::begin_body() {
  m_begun = true;
  if (status() == 206) return resume_body();
  system::check("temporary file", "cannot be rewound", [&] { return ::lseek(m_page.content.number(), 0, SEEK_SET); });
  m_page.bytes = 0;
  m_page.size.reset();
  m_page.validator.clear();
  if (!header("Content-Encoding").empty()) return;  // places in the encoded page are not places in ours
  curl_off_t announced = -1;
  curl_easy_getinfo(m_handle.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
  if (announced >= 0) m_page.size = static_cast<std::uint64_t>(announced);
  const std::string_view tag = header("ETag");
  m_page.validator = !tag.empty() && !tag.starts_with("W/") ? tag : header("Last-Modified");
}

/// A part is appended only where it begins at the byte that was asked for: "Content-Range: bytes 1234-5677/5678".
void request::resume_body() {
  std::string_view range = header("Content-Range");
  std::uint64_t first = 0;
  const bool in_bytes = starts_as(range, "bytes ");
  if (in_bytes) range.remove_prefix(6);
  const auto [end, code] = std::from_chars(range.data(), range.data() + range.size(), first);
  m_other_range = !in_bytes || code != std::errc() || *end != '-' || first != m_page.bytes || m_page.bytes == 0;
  if (!m_other_range)
    system::check("temporary file", "cannot be continued",
                  [&] { return ::lseek(m_page.content.number(), static_cast<off_t>(m_page.bytes), SEEK_SET); });
}

void request::append(std::span<const std::byte> bytes) {
  if (bytes.size() > m_options.most_bytes - std::min(m_page.bytes, m_options.most_bytes))
    throw error({.object = m_from.label,
                 .problem = "has more than the " + grouped(m_options.most_bytes) + " bytes allowed",
                 .cure = "allow more if you trust the server"});
  try {
    write_full(m_page.content, bytes, m_from.label);
  } catch (const error& failure) {
    throw error({.object = m_from.label,
                 .problem = "its temporary file cannot be written after " + grouped(m_page.bytes) + " bytes",
                 .cure = "set TMPDIR to a folder with more space",
                 .code = failure.code()});
  }
  m_page.bytes += bytes.size();
}

/// What the system says of a connection, else what libcurl does.
std::string request::detail(CURLcode code) const {
  long system_code = 0;
  if (code == CURLE_COULDNT_CONNECT) curl_easy_getinfo(m_handle.get(), CURLINFO_OS_ERRNO, &system_code);
  if (system_code != 0) return std::generic_category().message(static_cast<int>(system_code));
  return m_detail[0] != '\0' ? m_detail : curl_easy_strerror(code);
}

attempt_report request::judge(CURLcode code) {
  if (m_failure) std::rethrow_exception(m_failure);
  const long answer = status();
  if (m_other_range || (code == CURLE_HTTP_RETURNED_ERROR && answer == 416 && m_page.bytes > 0)) {
    m_page.validator.clear();  // begin again
    return {.end = attempt_end::worth_retrying,
            .problem = "the server cannot resume what it began",
            .cure = "try again later"};
  }
  const bool answered_well = answer == 200 || answer == 203 || answer == 206;
  if (code == CURLE_HTTP_RETURNED_ERROR || (code == CURLE_OK && !answered_well)) {
    attempt_report report = report_status(answer);
    curl_off_t seconds = 0;
    curl_easy_getinfo(m_handle.get(), CURLINFO_RETRY_AFTER, &seconds);
    if (seconds > 0) report.retry_after = std::chrono::seconds(seconds);
    return report;
  }
  if (code != CURLE_OK) return report_failure(code, detail(code), m_options, m_page);
  if (!m_begun) begin_body();  // an empty page
  const bool complete = !m_page.size || m_page.bytes == *m_page.size;
  return complete ? attempt_report{} : report_failure(CURLE_PARTIAL_FILE, {}, m_options, m_page);
}

}  // namespace

attempt_report attempt(const source& from, const fetch_options& options, std::chrono::milliseconds time_left,
                       partial_page& page) {
  prepare_libcurl();
  const system::no_broken_pipe quiet;  // until the connection is closed: OpenSSL's writes can raise SIGPIPE
  return request(from, options, page).perform(time_left);
}

}  // namespace tequio::data
