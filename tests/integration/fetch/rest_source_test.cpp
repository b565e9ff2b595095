// The port as the pipeline sees it: requests of groups in, answers or their meaning out.
#include <doctest/doctest.h>

#include <cstdio>
#include <optional>
#include <vector>

#include "fetch/rest_source.hpp"
#include "running.hpp"
#include "scripted_server.hpp"

namespace oes::test {
namespace {

const std::string empty_list = R"({"success":true,"data":[]})";
const std::string spent = R"({"success":false,"error":"Authentication failed"})";
const std::string key = "oe_secret_key";

// As much of decode/ as these tests need: the text after the first `"error":"` or `"detail":"`.
std::string text_of_error(std::string_view body) {
  for (const std::string_view name : {R"("error":")", R"("detail":")"}) {
    const auto at = body.find(name);
    if (at == std::string_view::npos) continue;
    body.remove_prefix(at + name.size());
    return std::string(body.substr(0, body.find('"')));
  }
  return {};
}

boost::asio::awaitable<result<facility_list>> facilities_of(std::string body) {
  const auto taken = std::move(body);
  if (taken != "{}") co_return error{errc::malformed, "no list"};
  facility_list list;
  list.units.emplace_back();
  co_return list;
}

std::string account_was_read;

result<account> account_of(std::string_view body) {
  account_was_read = body;
  if (body.find("plan") == std::string_view::npos) return error{errc::malformed, "no plan"};
  return account{"COMMUNITY", 498, {}, 2.0};
}

struct rig {
  explicit rig(const std::string& base, const std::string& first_key = key, bool known_good = false)
      : held(first_key, [this] {
          return key_in_file{file.value_or(std::string()), {}};
        }) {
    auto settings = patient_settings();
    settings.base_url = base;
    key_memory memory{known_good, [this] { ++good_news; }};
    under_test =
        make_rest_source(settings, {text_of_error, account_of, facilities_of}, memory, {held, clock, log, secrets});
    held.on_change([this](const std::string& other) { secrets.add(other); });
  }
  result<raw_answer> fetch(const fetch_request& request) { return on.run(under_test->fetch(request)); }

  loop on;
  logger log{telemetry_settings{.log_level = "error"}};
  time_source clock;
  std::optional<std::string> file;  ///< where the key comes from
  api_key held;
  redactor secrets{{held.text()}};
  int good_news = 0;
  std::unique_ptr<source> under_test;
};

fetch_request some_request(utc_time start = *parse_utc("2026-11-21T14:00:00Z")) {
  fetch_request out;
  out.metrics = {"power", "energy"};
  out.window.start = to_network_time(start, network::nem);
  return out;
}

/// Answers the n-th request with the n-th of `answers`, on whatever connection.
script in_turn(const std::vector<std::string>& answers) {
  auto next = std::make_shared<std::atomic<std::size_t>>(0);
  return [answers, next](peer& client) {
    while (!client.read_request().empty()) client.send(answers.at((*next)++));
  };
}

}  // namespace

TEST_CASE("a request goes out with key, path and query, and its body comes back") {
  std::string head;
  const scripted_server server([&](peer& client) {
    head = client.read_request();
    client.send(answer("200 OK", empty_list));
  });
  rig on(server.base());
  const auto before = time_source().now();
  const auto out = on.fetch(some_request());
  REQUIRE(out.has_value());
  CHECK(out->body == empty_list);
  CHECK(out->received_at >= before);
  CHECK(head.starts_with(
      "GET /v4/data/network/NEM?metrics=power&metrics=energy&interval=5m&date_start=2026-11-22T00:00:00 "
      "HTTP/1.1\r\n"));
  CHECK(head.find("\r\nAuthorization: Bearer oe_secret_key\r\n") != std::string::npos);
}

TEST_CASE("a refused key is a bad key until it has worked, and a limit ever after") {
  const scripted_server server(in_turn({answer("401 Unauthorized", spent), answer("200 OK", empty_list),
                                        answer("401 Unauthorized", spent), answer("200 OK", empty_list)}));
  rig on(server.base());
  const auto first = on.fetch(some_request());
  REQUIRE(first.has_error());
  CHECK(first.error().code == errc::bad_key);
  CHECK(first.error().http_status == 401);
  CHECK(first.error().context == "GET /v4/data/network/NEM: 401 Authentication failed (this API key has never worked)");
  CHECK(on.good_news == 0);
  CHECK(on.fetch(some_request()).has_value());
  CHECK(on.good_news == 1);
  CHECK(on.fetch(some_request()).error().code == errc::limit_reached);
  CHECK(on.fetch(some_request()).has_value());
  CHECK(on.good_news == 1);
}

TEST_CASE("a key that worked before the restart is not called bad") {
  const scripted_server server(in_turn({answer("401 Unauthorized", spent), answer("200 OK", empty_list)}));
  rig on(server.base(), key, true);
  CHECK(on.fetch(some_request()).error().code == errc::limit_reached);
  CHECK(on.fetch(some_request()).has_value());
  CHECK(on.good_news == 0);
}

TEST_CASE("a page of a portal does not vouch for a key") {
  const scripted_server server(in_turn({answer("200 OK", "<html>log in here</html>")}));
  rig on(server.base());
  CHECK(on.fetch(some_request()).error().code == errc::server_error);
  CHECK(on.good_news == 0);
}

TEST_CASE("G4: a key that stands where a text is cut is taken out before it is cut") {
  const std::string secret = "oe_3ZkQm9tRxW7vLb2NcY5sD";
  for (const std::size_t before : {250U, 270U, 290U, 299U}) {
    CAPTURE(before);
    const std::string filling(before, 'x');
    const auto around = [&](const char* before_it, const char* behind) {
      return std::string(before_it).append(filling).append(secret).append(behind);
    };
    const scripted_server server(
        in_turn({answer(around("500 ", ""), "{}"), answer("400 Bad Request", around(R"({"error":")", R"("})")),
                 answer("307 Elsewhere", "", around("Location: /", "\r\n"))}));
    rig on(server.base(), secret);
    for (int i = 0; i < 3; ++i) {
      const auto out = on.fetch(some_request());
      REQUIRE(out.has_error());
      CHECK(out.error().context.find(secret.substr(0, 6)) == std::string::npos);
    }
  }
}

TEST_CASE("an answer that repeats the key does not bring it into an error") {
  const scripted_server server(in_turn({answer("400 Bad Request", R"({"error":"no such key oe_secret_key"})")}));
  rig on(server.base());
  const auto out = on.fetch(some_request());
  REQUIRE(out.has_error());
  CHECK(out.error().context == "GET /v4/data/network/NEM: 400 no such key ***");
}

TEST_CASE("no rows yet, an unknown route, a limit, maintenance") {
  const scripted_server server(in_turn({answer("404 Not Found", R"({"error":"No data available"})"),
                                        answer("404 Not Found", R"({"detail":"Not Found"})"),
                                        answer("429 Too Many Requests", "", "Retry-After: 30\r\n"),
                                        answer("503 Service Unavailable", R"({"error":"Maintenance Mode"})")}));
  rig on(server.base());
  CHECK(on.fetch(some_request()).error().code == errc::not_yet);
  CHECK(on.fetch(some_request()).error().code == errc::rejected);
  CHECK(on.fetch(some_request()).error().retry_after == std::chrono::seconds(30));
  CHECK(on.fetch(some_request()).error().context == "GET /v4/data/network/NEM: 503 Maintenance Mode");
  CHECK(server.connections() == 1);
}

TEST_CASE("a clock that runs ahead of the server's is waited out") {
  const auto refusal = answer("400 Bad Request", R"({"error":"Date start must be before date end"})");
  const scripted_server server(in_turn({refusal, refusal}));
  rig on(server.base());
  CHECK(on.fetch(some_request(time_source().now())).error().code == errc::not_yet);
  CHECK(on.fetch(some_request()).error().code == errc::rejected);
}

TEST_CASE("a redirect is not followed") {
  const scripted_server elsewhere([](peer& client) { client.read_request(); });
  const scripted_server server(
      in_turn({answer("307 Temporary Redirect", "", "Location: " + elsewhere.base() + "/facilities/\r\n")}));
  rig on(server.base());
  const auto out = on.fetch(some_request());
  REQUIRE(out.has_error());
  CHECK(out.error().code == errc::rejected);
  CHECK(out.error().context.find("307 redirect to " + elsewhere.base()) != std::string::npos);
  CHECK(elsewhere.connections() == 0);
}

TEST_CASE("the account is asked for with the key") {
  const scripted_server server(in_turn({answer("200 OK", R"({"data":{"plan":"COMMUNITY"}})"), answer("200 OK", "{}")}));
  rig on(server.base());
  const auto out = on.on.run(on.under_test->fetch_account());
  REQUIRE(out.has_value());
  CHECK(out->plan == "COMMUNITY");
  CHECK(on.good_news == 1);
  const auto odd = on.on.run(on.under_test->fetch_account());
  REQUIRE(odd.has_error());
  CHECK(odd.error().context == "GET /v4/me: no plan");
}

TEST_CASE("G4: an account that holds the key is read without it") {
  const scripted_server server(in_turn({answer("200 OK", R"({"plan":"COMMUNITY","echo":")" + key + "\"}")}));
  rig on(server.base());
  REQUIRE(on.on.run(on.under_test->fetch_account()).has_value());
  CHECK(account_was_read.find(key) == std::string::npos);
  CHECK(account_was_read.find("COMMUNITY") != std::string::npos);
}

TEST_CASE("the list of facilities is asked for at its own path, and stamped with its arrival") {
  const scripted_server server(in_turn({answer("200 OK", "{}"), answer("200 OK", "[]")}));
  rig on(server.base());
  const auto list = on.on.run(on.under_test->fetch_facilities());
  REQUIRE(list.has_value());
  CHECK(list->units.size() == 1);
  CHECK(list->received_at > utc_time());
  const auto odd = on.on.run(on.under_test->fetch_facilities());
  REQUIRE(odd.has_error());
  CHECK(odd.error().context == "GET /v4/facilities/: no list");
}

TEST_CASE("without a key nobody is asked about an account") {
  const scripted_server server([](peer&) {});
  rig on(server.base(), "");
  CHECK(on.on.run(on.under_test->fetch_account()).error().code == errc::bad_key);
  CHECK(server.connections() == 0);
}

TEST_CASE("a transport's fault says what was asked") {
  const scripted_server server([](peer& client) { client.read_request(); });
  rig on(server.base());
  const auto out = on.fetch(some_request());
  REQUIRE(out.has_error());
  CHECK(out.error().context == "GET /v4/data/network/NEM: wait for the answer: the connection was closed too early");
}

TEST_CASE("a stop is a stop, not a failure") {
  rig* to_stop = nullptr;
  const scripted_server server([&](peer& client) {
    client.read_request();
    to_stop->on.stop();
    client.wait_for_close();
  });
  rig on(server.base());
  to_stop = &on;
  CHECK(on.fetch(some_request()).error().code == errc::stopped);
  CHECK(on.on.ended_at_once());
}

TEST_CASE("what cannot work is refused at the start") {
  CHECK_THROWS_AS(rig("ftp://host"), failure);
  CHECK_THROWS_AS(rig("http://127.0.0.1", "key\r\nX-Injected: yes"), failure);
  try {
    const rig on("http://127.0.0.1", "bad key");
    FAIL("accepted");
  } catch (const failure& refused) {
    CHECK(std::string(refused.what()).find("bad key") == std::string::npos);
  }
}

TEST_CASE("F6: a key that is refused is looked up again where it came from, and the request asked once more") {
  std::vector<std::string> heads;
  const scripted_server server([&](peer& client) {
    for (auto head = client.read_request(); !head.empty(); head = client.read_request()) {
      heads.push_back(head);
      const bool rotated = head.find("Bearer oe_rotated_key") != std::string::npos;
      client.send(rotated ? answer("200 OK", empty_list) : answer("401 Unauthorized", spent));
    }
  });
  rig on(server.base(), key, true);
  std::string told;
  on.held.on_change([&](const std::string& other) { told = other; });
  CHECK(on.fetch(some_request()).error().code == errc::limit_reached);  // the file holds the same
  on.file = key;
  CHECK(on.fetch(some_request()).error().code == errc::limit_reached);
  CHECK(heads.size() == 2);
  on.file = "oe_rotated_key";
  CHECK(on.fetch(some_request()).has_value());
  CHECK(heads.size() == 4);
  CHECK(told == "oe_rotated_key");
  CHECK(on.good_news == 1);
  CHECK(on.fetch(some_request()).has_value());
  CHECK(heads.size() == 5);
}

TEST_CASE("F6: a key in the file that does not work either is asked with once, and called bad") {
  const scripted_server server(in_turn({answer("401 Unauthorized", spent), answer("401 Unauthorized", spent),
                                        answer("401 Unauthorized", R"({"error":"oe_secret_key oe_other_key"})")}));
  rig on(server.base(), key, true);
  on.file = "oe_other_key";
  CHECK(on.fetch(some_request()).error().code == errc::bad_key);
  const auto again = on.fetch(some_request());
  CHECK(again.error().code == errc::bad_key);
  CHECK(again.error().context.find("oe_") == std::string::npos);  // neither key is shown
}

TEST_CASE("C3: the time that an answer tells is heard, whatever its status, and answers are judged by their own") {
  const auto dated = [](const char* status, const char* date, const char* more = "") {
    return answer(status, status[0] == '2' ? empty_list : spent, std::string("Date: ") + date + "\r\n" + more);
  };
  const auto three_hours_on = std::chrono::floor<std::chrono::seconds>(time_source().now()) + std::chrono::hours(3);
  const auto http_date = [](utc_time t) {
    const auto day = std::chrono::floor<std::chrono::days>(t);
    const std::chrono::year_month_day ymd(day);
    const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(t - day));
    static const char* const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char text[64];
    std::snprintf(text, sizeof text, "Mon, %02u %s %04d %02d:%02d:%02d GMT", unsigned(ymd.day()),
                  months[unsigned(ymd.month()) - 1], int(ymd.year()), int(time.hours().count()),
                  int(time.minutes().count()), int(time.seconds().count()));
    return std::string(text);
  };
  const auto ahead = http_date(three_hours_on);
  const auto kept = http_date(three_hours_on - std::chrono::minutes(10));
  const scripted_server server(
      in_turn({dated("404 Not Found", ahead.c_str()), dated("200 OK", kept.c_str(), "Age: 600\r\n"),
               dated("200 OK", "yesterday"), dated("200 OK", "Thu, 01 Jan 1970 00:00:00 GMT")}));
  rig on(server.base());
  CHECK(on.fetch(some_request()).has_error());
  CHECK(on.clock.read().standing == clock_standing::followed);
  const auto near = [](utc_time a, utc_time b) { return std::chrono::abs(a - b) < std::chrono::seconds(20); };
  CHECK(near(on.clock.now(), three_hours_on));
  const auto from_cache = on.fetch(some_request());
  REQUIRE(from_cache.has_value());
  CHECK(near(from_cache->served_at, three_hours_on));
  const auto undated = on.fetch(some_request());
  REQUIRE(undated.has_value());
  CHECK(near(undated->served_at, three_hours_on));  // by what is known
  const auto absurd = on.fetch(some_request());
  REQUIRE(absurd.has_value());
  CHECK(near(absurd->served_at, three_hours_on));
  CHECK(near(on.clock.now(), three_hours_on));
}

TEST_CASE("F4: maintenance says how long it takes, in seconds and as a date, by its own clock") {
  const scripted_server server(
      in_turn({answer("503 Service Unavailable", R"({"error":"Maintenance Mode"})", "Retry-After: 60\r\n"),
               answer("503 Service Unavailable", R"({"error":"Maintenance Mode"})",
                      "Date: Mon, 23 Nov 2026 00:00:00 GMT\r\nRetry-After: Mon, 23 Nov 2026 00:02:00 GMT\r\n"),
               answer("503 Service Unavailable", "<html>", "Retry-After: 99999999999999999999\r\n"),
               answer("500 Internal Server Error", R"({"error":"x"})", "Retry-After: soon\r\n")}));
  rig on(server.base());
  CHECK(on.fetch(some_request()).error().retry_after == std::chrono::seconds(60));
  CHECK(on.fetch(some_request()).error().retry_after == std::chrono::seconds(120));
  CHECK(on.fetch(some_request()).error().retry_after == std::chrono::hours(24));
  CHECK_FALSE(on.fetch(some_request()).error().retry_after);
}

}  // namespace oes::test
