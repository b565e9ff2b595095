#include "fetch/classify.hpp"

#include <doctest/doctest.h>

namespace oes {
namespace {

using namespace std::chrono;
const utc_time now = *parse_utc("2026-11-23T00:00:00Z");  // 10:00 in the NEM

http_reply reply_of(int status, std::string body, std::string type = "application/json") {
  http_reply out;
  out.status = status;
  out.body = std::move(body);
  out.content_type = std::move(type);
  return out;
}

http_reply json_error(int status) { return reply_of(status, R"({"success":false})"); }

reply_circumstances saying(std::string text, key_standing key = key_standing::known_good,
                           window_start start = window_start::elsewhere) {
  return {key, start, now, std::move(text)};
}

errc code_of(const http_reply& reply, const reply_circumstances& around) {
  const auto fault = classify(reply, around);
  REQUIRE(fault.has_value());
  CHECK(fault->http_status == reply.status);
  return fault->code;
}

fetch_request starting(std::string_view at, interval_size size = interval_size::m5) {
  fetch_request out;
  out.identity.interval = size;
  out.window.start = *parse_network_time(at);
  return out;
}

}  // namespace

TEST_CASE("a 200 with JSON is an answer") {
  CHECK_FALSE(classify(reply_of(200, R"({"data":[]})"), saying("")));
  CHECK_FALSE(classify(reply_of(200, " \r\n[]", ""), saying("")));
}

TEST_CASE("a 200 that is no JSON is the server's fault, not data") {
  CHECK(code_of(reply_of(200, "<html></html>", "text/html"), saying("")) == errc::server_error);
  CHECK(code_of(reply_of(200, "{}", "text/html; charset=utf-8"), saying("")) == errc::server_error);
  CHECK(code_of(reply_of(200, "  <!doctype html>"), saying("")) == errc::server_error);
  CHECK(code_of(reply_of(200, "OK", "text/plain"), saying("")) == errc::server_error);
  CHECK(code_of(reply_of(200, ""), saying("")) == errc::server_error);
  CHECK(code_of(reply_of(204, ""), saying("")) == errc::server_error);
}

TEST_CASE("no rows yet is not a failure, a route that does not exist is") {
  CHECK(code_of(json_error(404), saying("No data available for network NEM in the specified time range")) ==
        errc::not_yet);
  CHECK(code_of(reply_of(404, R"({"detail":"Not Found"})"), saying("Not Found")) == errc::rejected);
  CHECK(code_of(reply_of(404, "<html>", "text/html"), saying("")) == errc::server_error);
  CHECK(code_of(reply_of(404, "", ""), saying("")) == errc::server_error);
}

TEST_CASE("a refused key is bad until it has worked, then it is a limit") {
  for (const int status : {401, 403}) {
    CHECK(code_of(json_error(status), saying("Authentication failed", key_standing::never_worked)) == errc::bad_key);
    CHECK(code_of(json_error(status), saying("Authentication failed", key_standing::known_good)) ==
          errc::limit_reached);
    CHECK(code_of(json_error(status), saying("Not authenticated", key_standing::anonymous)) == errc::bad_key);
  }
  const auto anonymous = classify(json_error(401), saying("Not authenticated", key_standing::anonymous));
  CHECK(anonymous->context == "401 Not authenticated (no API key is configured)");
  const auto never = classify(json_error(401), saying("Authentication failed", key_standing::never_worked));
  CHECK(never->context == "401 Authentication failed (this API key has never worked)");
}

TEST_CASE("a block page of a proxy says nothing about the key") {
  CHECK(code_of(reply_of(403, "<html>", "text/html"), saying("", key_standing::never_worked)) == errc::server_error);
}

TEST_CASE("a limit may say how long") {
  auto reply = json_error(401);
  reply.retry_after = "300";
  CHECK(classify(reply, saying("Authentication failed"))->retry_after == seconds(300));
  reply = reply_of(429, "slow down", "text/plain");
  CHECK(code_of(reply, saying("")) == errc::rate_limited);
  CHECK_FALSE(classify(reply, saying(""))->retry_after);
  reply.retry_after = "Mon, 23 Nov 2026 00:01:00 GMT";
  CHECK(classify(reply, saying(""))->retry_after == seconds(60));
  reply.body = "<html>";
  CHECK(code_of(reply, saying("")) == errc::rate_limited);
}

TEST_CASE("a Retry-After date is counted from the server's own clock") {
  auto reply = reply_of(429, "");
  reply.date = "Mon, 23 Nov 2026 00:00:50 GMT";
  reply.retry_after = "Mon, 23 Nov 2026 00:01:00 GMT";
  CHECK(classify(reply, saying(""))->retry_after == seconds(10));
}

TEST_CASE("a wrong request is rejected with the server's reason") {
  const auto range =
      classify(json_error(400), saying("Date range too large for 5m interval. Maximum range is 8 days."));
  REQUIRE(range);
  CHECK(range->code == errc::rejected);
  CHECK(range->context == "400 Date range too large for 5m interval. Maximum range is 8 days.");
  CHECK(code_of(json_error(422), saying("Input should be 'power'")) == errc::rejected);
  CHECK(code_of(json_error(405), saying("Method Not Allowed")) == errc::rejected);
  CHECK(code_of(json_error(414), saying("")) == errc::rejected);
}

TEST_CASE("a start/end-order complaint at the live edge is a clock that runs ahead") {
  const std::string order = "Date start must be before date end";
  const auto near = [&](std::string text) {
    return code_of(json_error(400), saying(std::move(text), key_standing::known_good, window_start::near_now));
  };
  CHECK(near(order) == errc::not_yet);
  CHECK(code_of(json_error(400), saying(order)) == errc::rejected);
  CHECK(near("Date range too large for 5m interval. Maximum range is 8 days.") == errc::rejected);
  CHECK(near("Date start is too far in the past. Your plan allows data from the last 730 days.") == errc::rejected);
  CHECK(near("Date start must be timezone naive and in network time") == errc::rejected);
}

TEST_CASE("near now is within one interval, either side") {
  CHECK(where_it_starts(starting("2026-11-23T09:55:00"), now) == window_start::near_now);
  CHECK(where_it_starts(starting("2026-11-23T10:05:00"), now) == window_start::near_now);
  CHECK(where_it_starts(starting("2026-11-23T09:54:59"), now) == window_start::elsewhere);
  CHECK(where_it_starts(starting("2026-11-23T10:05:01"), now) == window_start::elsewhere);
  CHECK(where_it_starts(starting("2026-11-22T12:00:00", interval_size::d1), now) == window_start::near_now);
  CHECK(where_it_starts(starting("2026-11-01T00:00:00", interval_size::mo1), now) == window_start::near_now);
  auto western = starting("2026-11-23T08:00:00");
  western.identity.net = network::wem;
  CHECK(where_it_starts(western, now) == window_start::near_now);
}

TEST_CASE("trouble of the server or its proxies is retried") {
  for (const int status : {500, 502, 503, 504, 520, 408, 425, 999}) {
    CHECK(code_of(json_error(status), saying("Maintenance Mode")) == errc::server_error);
  }
  CHECK(code_of(reply_of(502, "<html>", "text/html"), saying("")) == errc::server_error);
  CHECK(code_of(reply_of(400, "<html>", "text/html"), saying("")) == errc::server_error);
  CHECK(classify(json_error(503), saying("Maintenance Mode"))->context == "503 Maintenance Mode");
}

TEST_CASE("without a text of its own the reason phrase speaks") {
  auto reply = reply_of(504, "");
  reply.reason = "Gateway Timeout";
  CHECK(classify(reply, saying(""))->context == "504 Gateway Timeout");
  reply.reason.clear();
  CHECK(classify(reply, saying(""))->context == "504");
}

TEST_CASE("a redirect is named, not followed") {
  auto reply = reply_of(307, "");
  reply.location = "http://elsewhere.example/v4/facilities/";
  const auto fault = classify(reply, saying(""));
  CHECK(fault->code == errc::rejected);
  CHECK(fault->context == "307 redirect to http://elsewhere.example/v4/facilities/, not followed");
}

TEST_CASE("a context is one bounded line") {
  http_reply reply;
  reply.status = 500;
  reply.reason = "a\tb\x1b[31m caf\xc3\xa9 ";
  CHECK(classify(reply, saying(""))->context == "500 a b [31m caf\xc3\xa9");
  reply.reason = std::string(1000, 'x');
  CHECK(classify(reply, saying(""))->context.size() == 304);
}

}  // namespace oes
