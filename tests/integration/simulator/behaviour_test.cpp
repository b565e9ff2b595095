// What a client meets over a socket: cache headers, faults, limits, the oracle, a running clock.
#include <doctest/doctest.h>
#include <rapidjson/document.h>

#include <unistd.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "local_simulator.hpp"

using namespace oes::sim;

namespace {

const std::string day =
    "/v4/data/network/NEM?metrics=power&primary_grouping=network_region"
    "&date_start=2026-11-22T00:00:00&date_end=2026-11-23T00:00:00";
const std::string key = "test-key-community";

bool is_json(const std::string& text) {
  rapidjson::Document document;
  document.Parse(text.c_str(), text.size());
  return !document.HasParseError();
}

void order(test_client& client, const std::string& fault) {
  REQUIRE(client.ask("POST", "/_sim/faults", fault, {}).status == 200);
}

}  // namespace

TEST_CASE("the second identical question is answered from the cache, a no-cache request is not") {
  local_simulator simulator;
  test_client client(simulator.port());
  const auto first = client.get(day, key);
  CHECK(first.headers.at("x-fastapi-cache") == "MISS");
  CHECK(first.headers.at("cache-control") == "max-age=300");
  const auto second = client.get(day, key);
  CHECK(second.headers.at("x-fastapi-cache") == "HIT");
  CHECK(second.body == first.body);
  CHECK(second.headers.at("etag") == first.headers.at("etag"));
  CHECK(client.get(day, key, {{"Cache-Control", "no-cache"}}).headers.at("x-fastapi-cache") == "MISS");
  CHECK(client.get(day, "test-key-enterprise").headers.at("x-fastapi-cache") == "MISS");
  CHECK(client.get(day, key, {{"If-None-Match", client.get(day, key).headers.at("etag")}}).status == 304);
}

TEST_CASE("the cache runs on simulated time") {
  test_setup fast;
  fast.clock_speed = 10000;
  local_simulator simulator(fast);
  test_client client(simulator.port());
  CHECK(client.get(day, key).headers.at("x-fastapi-cache") == "MISS");
  bool expired = false;
  for (int i = 0; i < 1000 && !expired; ++i) {
    expired = client.get(day, key).headers.at("x-fastapi-cache") == "MISS";
  }
  CHECK(expired);
}

TEST_CASE("errors are not cached") {
  local_simulator simulator;
  test_client client(simulator.port());
  const std::string empty = "/v4/data/network/NEM?metrics=power&date_start=2026-11-22&date_end=2026-11-22";
  CHECK(client.get(empty, key).status == 404);
  const auto again = client.get(empty, key);
  CHECK(again.status == 404);
  CHECK(again.headers.count("x-fastapi-cache") == 0);
}

TEST_CASE("each fault looks like the real thing") {
  local_simulator simulator;
  test_client client(simulator.port());
  order(client, R"({"kind":"status","status":500,"message":"Error executing query"})");
  const auto failed = client.get(day, key);
  CHECK(failed.status == 500);
  CHECK(failed.body.find(R"("error":"Error executing query")") != std::string::npos);
  order(client, R"({"kind":"html"})");
  const auto page = client.get(day, key);
  CHECK(page.status == 502);
  CHECK(page.headers.at("content-type") == "text/html");
  order(client, R"({"kind":"unauthorized"})");
  CHECK(client.get(day, key).body.find("Authentication failed") != std::string::npos);
  order(client, R"({"kind":"ratelimit","seconds":7})");
  const auto limited = client.get(day, key);
  CHECK(limited.status == 429);
  CHECK(limited.headers.at("retry-after") == "7");
  order(client, R"({"kind":"badjson"})");
  const auto bad = client.get(day, key);
  CHECK(bad.status == 200);
  CHECK_FALSE(is_json(bad.body));
  order(client, R"({"kind":"nan"})");
  CHECK(client.get(day, key).body.find(",NaN]") != std::string::npos);
  order(client, R"({"kind":"wrongshape"})");
  CHECK(is_json(client.get(day, key).body));
  CHECK(client.get(day, key).status == 200);
}

TEST_CASE("a cut answer ends early, a reset never begins, and both are marked in the served log") {
  const auto log = std::filesystem::temp_directory_path() / ("oes_served_" + std::to_string(::getpid()));
  test_setup setup;
  setup.served_log = log;
  {
    local_simulator simulator(setup);
    test_client control(simulator.port());
    order(control, R"({"kind":"cut"})");
    CHECK_FALSE(test_client(simulator.port()).get(day, key).failure.empty());
    order(control, R"({"kind":"reset"})");
    CHECK_FALSE(test_client(simulator.port()).get(day, key).failure.empty());
    CHECK(control.get(day, key).status == 200);
    const auto oracle = control.get("/_sim/oracle/served?since=0").body;
    CHECK(oracle.find("\"cut\":true") == std::string::npos);
    CHECK(oracle.find("\"n\":3,") != std::string::npos);
  }
  std::ifstream in(log);
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  std::filesystem::remove(log);
  CHECK(text.find(R"("fault":"cut","cut":true)") != std::string::npos);
  CHECK(text.find(R"("fault":"reset","cut":true)") != std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '\n') == 3);
}

TEST_CASE("a drip brings the whole answer slowly, a delay brings it late") {
  local_simulator simulator;
  test_client client(simulator.port());
  const auto whole = client.get(day, key).body;
  for (const auto* fault : {R"({"kind":"drip","seconds":1})", R"({"kind":"delay","seconds":1})"}) {
    order(client, fault);
    const auto before = std::chrono::steady_clock::now();
    CHECK(client.get(day, key).body == whole);
    CHECK(std::chrono::steady_clock::now() - before > std::chrono::milliseconds(800));
  }
}

TEST_CASE("gzip only where asked for, and a bomb only on order") {
  test_setup setup;
  setup.gzip = true;
  local_simulator simulator(setup);
  test_client client(simulator.port());
  const auto plain = client.get(day, key);
  CHECK(plain.headers.count("content-encoding") == 0);
  const auto packed = client.get(day, key, {{"Accept-Encoding", "gzip"}});
  CHECK(packed.headers.at("content-encoding") == "gzip");
  CHECK(packed.body.size() < plain.body.size() / 2);
  order(client, R"({"kind":"gzip-bomb"})");
  const auto bomb = client.get(day, key, {{"Accept-Encoding", "gzip"}});
  CHECK(bomb.headers.at("content-encoding") == "gzip");
  CHECK(bomb.body.size() < 4000000);
}

TEST_CASE("what was served is what the oracle says the point was") {
  test_setup lively;
  lively.how = realism{3};
  local_simulator simulator(lively);
  test_client client(simulator.port());
  const auto served = client.get(
      "/v4/market/network/NEM?metrics=demand&network_region=NSW1"
      "&date_start=2026-11-23T19:30:00&date_end=2026-11-23T19:35:00",
      key);
  REQUIRE(served.status == 200);
  const auto start = served.body.find("19:30:00+10:00\",", served.body.find("\"data\":[[")) + 16;
  const auto value = served.body.substr(start, served.body.find(']', start) - start);
  const auto history =
      client.get("/_sim/oracle/values?network=NEM&metric=demand&region=NSW1&label=2026-11-23T19:30:00");
  CHECK(history.status == 200);
  CHECK(history.body.find("\"" + value + "\"") != std::string::npos);
  const auto log = client.get("/_sim/oracle/served?since=0").body;
  CHECK(log.find("\"values\":[\"" + value + "\"]") != std::string::npos);
  CHECK(client.get("/_sim/oracle/values?network=NEM&metric=bogus&label=2026-11-23T19:30:00").status == 400);
}

TEST_CASE("a big answer does not keep others waiting") {
  local_simulator simulator;
  test_client control(simulator.port());
  std::string big;
  std::thread asking([&] {
    test_client client(simulator.port());
    big = client
              .get(
                  "/v4/data/network/NEM?metrics=power&metrics=energy&metrics=emissions&primary_grouping=network_region"
                  "&secondary_grouping=fueltech&date_start=2026-11-10T00:00:00&date_end=2026-11-18T00:00:00",
                  key)
              .body;
  });
  const auto before = std::chrono::steady_clock::now();
  for (int i = 0; i < 10; ++i) CHECK(control.get("/v4/health").status == 200);
  CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(2));
  asking.join();
  CHECK(big.size() > 10000000);
}

TEST_CASE("headers and bodies beyond measure close the connection") {
  local_simulator simulator;
  CHECK_FALSE(test_client(simulator.port()).get("/v4/health", std::string(50000, 'x')).failure.empty());
  CHECK_FALSE(test_client(simulator.port()).ask("POST", "/_sim/faults", std::string(100000, 'x'), {}).failure.empty());
  CHECK(test_client(simulator.port()).get("/v4/health").status == 200);
}
