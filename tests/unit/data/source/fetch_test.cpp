// SPDX-License-Identifier: MIT
#include "tequio/data/fetch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/files/read_all.hpp"
#include "support/files/zip_builder.hpp"
#include "support/net/http_server.hpp"
#include "support/net/tls_server.hpp"
#include "support/open_descriptors.hpp"
#include "tequio/data/file.hpp"

namespace {

using tequio::data::fetch_options;
using tequio::data::make_source;
using tequio::test::http_exchange;
using tequio::test::http_handler;
using tequio::test::http_server;
using tequio::test::message_of;
using tequio::test::serve_first;
using tequio::test::serve_page;
using tequio::test::stop_after;
using tequio::test::tls_server;
using testing::HasSubstr;

/// Patience of tests: short waits, as many attempts as a user's.
fetch_options brief() {
  return {.connect_timeout = std::chrono::milliseconds(2000),
          .stall_timeout = std::chrono::seconds(1),
          .first_wait = std::chrono::milliseconds(1),
          .longest_wait = std::chrono::milliseconds(5)};
}

std::string body_of(std::size_t bytes) {
  std::string body;
  for (std::size_t i = 0; body.size() < bytes; ++i) body += std::to_string(i) + ',';
  body.resize(bytes);
  return body;
}

http_handler answer(std::string status, std::string headers = {}) {
  return [=](http_exchange& exchange) { exchange.send_status(status, headers, "body of an answer"); };
}

std::string fetched(const std::string& url, const fetch_options& options = brief()) {
  return tequio::test::read_all(*read_forward(fetch(make_source(url), options)));
}

/// What fetching `path` from a server with this one page says, after the URL.
struct trial {
  std::string message;
  unsigned requests = 0;
};
trial try_page(const http_handler& handler, const fetch_options& options = brief()) {
  const auto before = tequio::test::open_descriptors();
  const http_server server({{"/a", handler}});
  std::string message = message_of([&] { (void)fetched(server.url("/a"), options); });
  EXPECT_EQ(tequio::test::open_descriptors(), before) << message;
  EXPECT_EQ(tequio::test::running_threads(), 1) << message;
  if (message.starts_with(server.url("/a"))) message.erase(0, server.url("/a").size());
  return {message, server.requests("/a")};
}

TEST(fetch, missing_page_is_not_tried_again) {
  const trial result = try_page(answer("404 Not Found"));
  EXPECT_EQ(result.message, ": the server has no such page (404); check the address");
  EXPECT_EQ(result.requests, 1U);
}

TEST(fetch, refused_access_is_not_tried_again) {
  const trial result = try_page(answer("403 Forbidden"));
  EXPECT_EQ(result.message, ": the server refuses access (403); check the address and your rights to it");
  EXPECT_EQ(result.requests, 1U);
}

TEST(fetch, answer_without_a_page_is_an_error) {
  EXPECT_EQ(try_page([](http_exchange& exchange) { exchange.send("HTTP/1.1 204 No Content\r\n\r\n"); }).message,
            ": the server answered 204; check the address");
}

TEST(fetch, unavailable_server_is_tried_four_times) {
  const trial result = try_page(answer("503 Service Unavailable"));
  EXPECT_EQ(result.message, ": the server is not available for now (503) (tried 4 times); try again later");
  EXPECT_EQ(result.requests, 4U);
}

TEST(fetch, refused_connection_is_named) {
  unsigned port = 0;
  {
    const http_server gone({});
    port = gone.port();
  }
  const std::string url = "http://127.0.0.1:" + std::to_string(port) + "/a";
  EXPECT_EQ(message_of([&] { (void)fetched(url); }),
            url + ": no connection to the server (Connection refused); check that it runs, and the host and port");
}

TEST(fetch, unknown_host_is_named_and_leaves_no_thread) {
  ::setenv("no_proxy", "*", 1);
  fetch_options options = brief();
  options.retries = 0;
  EXPECT_EQ(
      message_of([&] { (void)fetched("http://no-such-host.invalid/a", options); }),
      "http://no-such-host.invalid/a: the name of the host cannot be resolved; check its spelling and the network");
  EXPECT_EQ(tequio::test::running_threads(), 1);
}

TEST(fetch, server_that_stops_half_way_is_named_with_what_came) {
  const trial result = try_page(stop_after(body_of(5678), 1234, ""));
  EXPECT_EQ(result.message, ": the server stopped after 1,234 of 5,678 bytes (tried 4 times); try again later");
  EXPECT_EQ(result.requests, 4U);
}

TEST(fetch, connection_that_breaks_is_named) {
  const trial result = try_page([](http_exchange& exchange) { exchange.reset(); });
  EXPECT_THAT(result.message, HasSubstr("the connection broke (tried 4 times)"));
}

TEST(fetch, connection_closed_without_an_answer_is_named) {
  EXPECT_THAT(try_page([](http_exchange&) {}).message,
              HasSubstr("closed the connection without an answer (tried 4 times)"));
}

TEST(fetch, server_that_hangs_is_left) {
  fetch_options options = brief();
  options.retries = 1;
  const trial result = try_page([](http_exchange& exchange) { exchange.hang(); }, options);
  EXPECT_EQ(result.message,
            ": the server sent fewer than 100 bytes per second for 1 s (tried 2 times); try again later");
}

TEST(fetch, server_that_hangs_half_way_is_left) {
  fetch_options options = brief();
  options.retries = 0;
  const trial result = try_page(
      [](http_exchange& exchange) {
        exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n0123456789");
        exchange.hang();
      },
      options);
  EXPECT_EQ(result.message,
            ": the server sent fewer than 100 bytes per second for 1 s after 10 of 1,000 bytes; try again later");
}

TEST(fetch, total_time_ends_all_attempts) {
  fetch_options options = brief();
  options.stall_timeout = std::chrono::seconds(20);
  options.total_timeout = std::chrono::milliseconds(300);
  EXPECT_EQ(try_page([](http_exchange& exchange) { exchange.hang(); }, options).message,
            ": not complete within 0.3 s; allow more time");
  options.first_wait = options.longest_wait = std::chrono::seconds(100);
  EXPECT_EQ(try_page(answer("503 Busy"), options).message,
            ": the server is not available for now (503); try again later");
}

TEST(fetch, redirect_loop_is_named) {
  EXPECT_EQ(try_page(answer("302 Found", "Location: /a\r\n")).message,
            ": redirected more than 10 times; give the final address");
}

TEST(fetch, redirect_to_a_file_is_refused) {
  const trial result = try_page(answer("302 Found", "Location: file:///etc/passwd\r\n"));
  EXPECT_EQ(result.message,
            ": the server redirects to an address that is neither http nor https; give the final address");
  EXPECT_EQ(result.requests, 1U);
}

TEST(fetch, server_of_another_protocol_is_named) {
  EXPECT_EQ(try_page([](http_exchange& exchange) { exchange.send("220 mail.example ESMTP\r\n"); }).message,
            ": the server does not speak HTTP; check the host and port");
}

TEST(fetch, server_without_tls_is_named) {
  const http_server server({{"/a", serve_page("a")}});
  const std::string url = "https" + server.url("/a").substr(4);
  EXPECT_THAT(message_of([&] { (void)fetched(url); }), testing::StartsWith(url + ": no trusted connection ("));
}

TEST(fetch, certificate_that_nobody_vouches_for_is_refused_unless_named) {
  if (!tls_server::is_possible()) GTEST_SKIP() << "no openssl program";
  const tls_server server;
  EXPECT_EQ(message_of([&] { (void)fetched(server.url()); }),
            server.url() +
                ": no trusted connection (SSL certificate problem: self-signed certificate); check the address and "
                "this machine's date; a private certificate is trusted by naming its file");
  fetch_options options = brief();
  options.ca_file = server.certificate();
  EXPECT_EQ(fetched(server.url(), options), "page");
  EXPECT_THAT(message_of([&] { (void)fetched(server.url_of_other_name(), options); }),
              HasSubstr("no trusted connection ("));
  options.ca_file = "/nowhere.pem";
  EXPECT_EQ(message_of([&] { (void)fetched(server.url(), options); }),
            server.url() + ": the certificates in /nowhere.pem cannot be read; give a file in PEM format");
}

TEST(fetch, page_over_the_limit_is_refused_before_and_while_it_comes) {
  fetch_options options = brief();
  options.most_bytes = 1000;
  const std::string expected = ": has more than the 1,000 bytes allowed; allow more if you trust the server";
  EXPECT_EQ(try_page(serve_page(body_of(1001)), options).message, expected);
  EXPECT_EQ(try_page([](http_exchange& exchange) { exchange.send("HTTP/1.1 200 OK\r\n\r\n" + body_of(2000)); }, options)
                .message,
            expected);
  EXPECT_EQ(try_page(serve_page(body_of(1000)), options).message, "no error");
}

TEST(fetch, encoded_bomb_is_counted_as_it_inflates) {
  fetch_options options = brief();
  options.most_bytes = 1'000'000;
  const std::string bomb = tequio::test::gzipped(std::string(50'000'000, '\0'));
  const trial result =
      try_page([=](http_exchange& exchange) { exchange.send_page(bomb, "Content-Encoding: gzip\r\n"); }, options);
  EXPECT_THAT(result.message, HasSubstr("has more than the 1,000,000 bytes allowed"));
}

TEST(fetch, endless_headers_are_refused) {
  EXPECT_THAT(try_page([](http_exchange& exchange) {
                for (int i = 0; i < 20'000; ++i)
                  exchange.send("X-" + std::to_string(i) + ": " + std::string(100, 'x') + "\r\n");
              }).message,
              testing::Ne("no error"));
}

TEST(fetch, user_and_password_are_in_no_message) {
  const http_server server({});
  const std::string url = "http://ana:secret@" + server.url("/a").substr(7);
  const std::string message = message_of([&] { (void)fetched(url); });
  EXPECT_THAT(message, HasSubstr("no such page (404)"));
  EXPECT_THAT(message, testing::Not(HasSubstr("secret")));
}

TEST(fetch, temporary_folder_that_is_not_there_is_named) {
  const http_server server({{"/a", serve_page("a")}});
  ::setenv("TMPDIR", "/nowhere", 1);
  const std::string message = message_of([&] { (void)fetched(server.url("/a")); });
  ::unsetenv("TMPDIR");
  EXPECT_THAT(message, HasSubstr("/nowhere: no temporary file can be made in it"));
}

TEST(fetch, page_comes_back) {
  const std::string body = body_of(1'000'000);
  const http_server server({{"/a", serve_page(body)}, {"/empty", serve_page("")}});
  EXPECT_EQ(fetched(server.url("/a")), body);
  EXPECT_EQ(fetched(server.url("/empty")), "");
}

TEST(fetch, busy_server_is_waited_for) {
  const http_server server({{"/a", serve_first(3, answer("503 Busy", "Retry-After: 3600\r\n"), serve_page("page"))}});
  EXPECT_EQ(fetched(server.url("/a")), "page");  // the hour is capped
  EXPECT_EQ(server.requests("/a"), 4U);
}

TEST(fetch, retry_after_is_kept) {
  fetch_options options = brief();
  options.longest_wait = std::chrono::seconds(10);
  const http_server server({{"/a", serve_first(1, answer("429 Too Many", "Retry-After: 1\r\n"), serve_page("page"))}});
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(fetched(server.url("/a"), options), "page");
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
}

TEST(fetch, broken_transfer_is_resumed) {
  const std::string body = body_of(100'000);
  const http_handler watch = [=](http_exchange& exchange) {
    if (exchange.number() == 2 && exchange.header("range") != "bytes=40000-")
      return exchange.send_status("500 not resumed");
    if (exchange.number() == 2 && exchange.header("if-range") != "\"1\"")
      return exchange.send_status("500 no condition");
    stop_after(body, 40'000)(exchange);
  };
  const http_server server({{"/a", watch}});
  EXPECT_EQ(fetched(server.url("/a")), body);
  EXPECT_EQ(server.requests("/a"), 3U);
}

TEST(fetch, page_that_changes_meanwhile_is_begun_again) {
  const std::string old_body = body_of(50'000);
  const std::string new_body(30'000, 'n');
  const http_server server(
      {{"/a", serve_first(1, stop_after(old_body, 20'000, "\"old\""), serve_page(new_body, "\"new\""))}});
  EXPECT_EQ(fetched(server.url("/a")), new_body);
}

TEST(fetch, weak_tags_and_servers_without_ranges_begin_again) {
  const std::string body = body_of(50'000);
  const http_handler whole = [=](http_exchange& exchange) { exchange.send_page(body); };
  const http_handler no_range = [=](http_exchange& exchange) {
    exchange.header("range").empty() ? whole(exchange) : exchange.send_status("500 asked for a range");
  };
  const http_server server({{"/weak", serve_first(1, stop_after(body, 100, "W/\"1\""), no_range)},
                            {"/none", serve_first(1, stop_after(body, 100, ""), no_range)},
                            {"/ignored", serve_first(1, stop_after(body, 100), whole)}});
  EXPECT_EQ(fetched(server.url("/weak")), body);
  EXPECT_EQ(fetched(server.url("/none")), body);
  EXPECT_EQ(fetched(server.url("/ignored")), body);
}

TEST(fetch, answer_with_another_range_begins_again) {
  const std::string body = body_of(5000);
  const http_handler other = [=](http_exchange& exchange) {
    exchange.send_status("206 Partial Content", "Content-Range: bytes 7-4999/5000\r\n", body.substr(7));
  };
  const http_handler beyond = answer("416 Range Not Satisfiable");
  const http_server server(
      {{"/other", serve_first(1, stop_after(body, 100), serve_first(2, other, serve_page(body)))},
       {"/beyond", serve_first(1, stop_after(body, 100), serve_first(2, beyond, serve_page(body)))}});
  EXPECT_EQ(fetched(server.url("/other")), body);
  EXPECT_EQ(fetched(server.url("/beyond")), body);
}

TEST(fetch, parts_shorter_than_asked_are_put_together) {
  const std::string body = body_of(100'000);
  const http_handler part = [=](http_exchange& exchange) {
    const std::size_t first = exchange.number() == 2 ? 40'000 : 70'000;
    const std::size_t size = 30'000;
    exchange.send_status(
        "206 Partial Content",
        "Content-Range: bytes " + std::to_string(first) + "-" + std::to_string(first + size - 1) + "/100000\r\n",
        body.substr(first, size));
  };
  const http_handler nothing = [](http_exchange& exchange) { exchange.send_status("206 Partial Content"); };
  const http_server server({{"/parts", serve_first(1, stop_after(body, 40'000), part)},
                            {"/nothing", serve_first(1, stop_after(body, 40'000), nothing)}});
  EXPECT_EQ(fetched(server.url("/parts")), body);
  EXPECT_EQ(server.requests("/parts"), 3U);
  EXPECT_THAT(message_of([&] { (void)fetched(server.url("/nothing")); }), testing::Ne("no error"));
}

TEST(fetch, transfer_with_encoding_is_decoded_and_never_resumed) {
  const std::string body = body_of(50'000);
  const std::string encoded = tequio::test::gzipped(body);
  const http_handler page = [=](http_exchange& exchange) {
    if (!exchange.header("range").empty()) return exchange.send_status("500 asked for a range");
    exchange.send("HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Encoding: gzip\r\nContent-Length: " +
                  std::to_string(encoded.size()) + "\r\n\r\n" +
                  encoded.substr(0, exchange.number() == 1 ? encoded.size() / 2 : encoded.size()));
  };
  const http_server server({{"/a", page}});
  EXPECT_EQ(fetched(server.url("/a")), body);
}

TEST(fetch, redirects_are_followed) {
  const http_server server({{"/a", answer("301 Moved", "Location: /b\r\n")}, {"/b", serve_page("page")}});
  EXPECT_EQ(fetched(server.url("/a")), "page");
}

TEST(fetch, says_who_asks) {
  const http_server server(
      {{"/a", [](http_exchange& exchange) { exchange.send_page(exchange.header("user-agent")); }}});
  EXPECT_EQ(fetched(server.url("/a")).substr(0, 7), "tequio/");
}

TEST(fetch, credentials_of_the_address_reach_the_server) {
  const http_server server(
      {{"/a", [](http_exchange& exchange) { exchange.send_page(exchange.header("authorization")); }}});
  EXPECT_EQ(fetched("http://ana:secret@" + server.url("/a").substr(7)), "Basic YW5hOnNlY3JldA==");
}

TEST(fetch, works_in_a_process_forked_after_its_first_use) {
  const http_server server({{"/a", serve_page("page")}});
  EXPECT_EQ(fetched(server.url("/a")), "page");
  const pid_t child = ::fork();
  if (child == 0) ::_exit(message_of([&] { (void)fetched(server.url("/a")); }) == "no error" ? 0 : 1);
  int status = -1;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(fetch, leaves_signals_as_they_were) {
  sigset_t before;
  sigset_t after;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &before);
  const http_server server({{"/a", serve_page("page")}});
  EXPECT_EQ(fetched(server.url("/a")), "page");
  ::pthread_sigmask(SIG_SETMASK, nullptr, &after);
  EXPECT_EQ(::sigismember(&before, SIGPIPE), ::sigismember(&after, SIGPIPE));
  struct sigaction action {};
  ::sigaction(SIGPIPE, nullptr, &action);
  EXPECT_EQ(action.sa_handler, SIG_DFL);
}

}  // namespace
