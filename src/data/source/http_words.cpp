// SPDX-License-Identifier: MIT
#include "data/source/http_words.hpp"

#include <fmt/format.h>

#include "data/text/text.hpp"

namespace tequio::data {
namespace {

constexpr const char* later = "try again later";

attempt_report final_report(std::string problem, std::string cure) {
  return {.end = attempt_end::final, .problem = std::move(problem), .cure = std::move(cure)};
}

attempt_report passing_report(std::string problem, std::string cure) {
  return {.end = attempt_end::worth_retrying, .problem = std::move(problem), .cure = std::move(cure)};
}

/// " after 1,234 of 5,678 bytes", as far as it is known.
std::string progress(const partial_page& page) {
  if (page.size) return fmt::format(" after {} of {} bytes", grouped(page.bytes), grouped(*page.size));
  return page.bytes > 0 ? fmt::format(" after {} bytes", grouped(page.bytes)) : std::string();
}

std::string in_seconds(std::chrono::milliseconds time) {
  return fmt::format("{:g} s", static_cast<double>(time.count()) / 1000);
}

/// libcurl has one code for all timeouts; its words tell them apart.
attempt_report report_timeout(const std::string& detail, const fetch_options& options, const partial_page& page) {
  if (detail.find("too slow") != std::string::npos)
    return passing_report(fmt::format("the server sent fewer than {} bytes per second for {}{}",
                                      grouped(options.stall_speed), in_seconds(options.stall_timeout), progress(page)),
                          later);
  if (starts_as(detail, "operation timed out"))
    return final_report("not complete within " + in_seconds(options.total_timeout) + progress(page), "allow more time");
  return passing_report("no connection within " + in_seconds(options.connect_timeout),
                        "check that the server runs and can be reached");
}

attempt_report report_protocol(const std::string& detail) {
  if (detail.find("HTTP/0.9") != std::string::npos)
    return final_report("the server does not speak HTTP", "check the host and port");
  return final_report("the server redirects to an address that is neither http nor https", "give the final address");
}

bool may_pass(long status) noexcept {
  return status == 408 || status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

}  // namespace

attempt_report report_status(long status) {
  switch (status) {
    case 404:
    case 410:
      return final_report(fmt::format("the server has no such page ({})", status), "check the address");
    case 401:
    case 403:
      return final_report(fmt::format("the server refuses access ({})", status),
                          "check the address and your rights to it");
    case 407:
      return final_report("the proxy asks for credentials (407)", "put them in http_proxy or https_proxy");
    case 408:
      return passing_report("the server waited too long for the request (408)", later);
    case 429:
      return passing_report("the server has been asked too often (429)", "use fewer workers, or try again later");
    case 503:
      return passing_report("the server is not available for now (503)", later);
    default:
      break;
  }
  const std::string problem = fmt::format("the server answered {}", status);
  return may_pass(status) ? passing_report(problem, later) : final_report(problem, "check the address");
}

attempt_report report_failure(CURLcode code, const std::string& detail, const fetch_options& options,
                              const partial_page& page) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return passing_report("the name of the host cannot be resolved", "check its spelling and the network");
    case CURLE_COULDNT_RESOLVE_PROXY:
      return passing_report("the name of the proxy cannot be resolved", "check http_proxy and https_proxy");
    case CURLE_COULDNT_CONNECT:
      return final_report("no connection to the server (" + on_one_line(detail) + ")",
                          "check that it runs, and the host and port");
    case CURLE_OPERATION_TIMEDOUT:
      return report_timeout(detail, options, page);
    case CURLE_PARTIAL_FILE:
      return passing_report("the server stopped" + progress(page), later);
    case CURLE_GOT_NOTHING:
      return passing_report("the server closed the connection without an answer", later);
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return passing_report("the connection broke" + progress(page), later);
    case CURLE_UNSUPPORTED_PROTOCOL:
      return report_protocol(detail);
    case CURLE_WEIRD_SERVER_REPLY:
      return final_report("the server does not speak HTTP", "check the host and port");
    case CURLE_TOO_MANY_REDIRECTS:
      return final_report(fmt::format("redirected more than {} times", options.redirects), "give the final address");
    case CURLE_URL_MALFORMAT:
      return final_report("is not a valid address", "write it as http://host/path");
    case CURLE_BAD_CONTENT_ENCODING:
      return final_report("the server's encoding of the page cannot be undone", "tell the server's keepers");
    case CURLE_SSL_CACERT_BADFILE:
      return final_report("the certificates in " + options.ca_file + " cannot be read", "give a file in PEM format");
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
      return final_report(
          "no trusted connection (" + on_one_line(detail) + ")",
          "check the address and this machine's date; a private certificate is trusted by naming its file");
    default:
      return final_report("cannot be fetched (" + on_one_line(detail) + ")", "check the address");
  }
}

}  // namespace tequio::data
