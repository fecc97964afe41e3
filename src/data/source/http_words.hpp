// SPDX-License-Identifier: MIT
// What went wrong with a request, in words with a cure, and whether another attempt makes sense.
#pragma once

#include <curl/curl.h>

#include <string>

#include "data/source/http_attempt.hpp"

namespace tequio::data {

/// The report on an answer whose status is no success.
[[nodiscard]] attempt_report report_status(long status);

/// The report on a transfer that failed with `code`; `detail` is what libcurl adds.
[[nodiscard]] attempt_report report_failure(CURLcode code, const std::string& detail, const fetch_options& options,
                                            const partial_page& page);

}  // namespace tequio::data
