// Every exchange recorded with the API server's own code, asked again here: same status, same headers, same shape, same
// words.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "local_simulator.hpp"
#include "shape.hpp"

using namespace oes::sim;

namespace {

struct recorded {
  std::string name;
  rapidjson::Document exchange;
  [[nodiscard]] std::string text(const char* key) const { return exchange[key].GetString(); }
  [[nodiscard]] std::string target() const { return text("request").substr(4); }
  [[nodiscard]] int status() const { return std::stoi(text("status_line").substr(9, 3)); }
  [[nodiscard]] const rapidjson::Value& body() const { return exchange["body"]; }
};

std::vector<recorded> all_recorded() {
  std::vector<recorded> all;
  for (const auto& file : std::filesystem::directory_iterator(std::filesystem::path(OES_FIXTURES) / "api")) {
    if (file.path().extension() != ".json") continue;
    std::ifstream in(file.path());
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    auto& added = all.emplace_back();
    added.name = file.path().stem();
    added.exchange.Parse(text.c_str(), text.size());
    if (added.exchange.HasParseError() || !added.exchange.HasMember("status_line")) all.pop_back();
  }
  return all;
}

// The recordings' keys were the test server's; ours are as long as real ones.
std::string key_of(const recorded& r) {
  const auto arguments = r.text("curl_args");
  if (r.name == "me_credits_gone" || arguments.find("exhausted") != std::string::npos) return "test-key-exhausted";
  if (arguments.find("wrong-key") != std::string::npos) return "wrong-key-long-enough";
  return arguments.empty() ? "" : "test-key-community";
}

// Answers that reach the live edge or the start of the data: their spans depend on the clock and the world.
bool labels_comparable(const std::string& name) {
  static const std::set<std::string> open_ended{"data_default", "data_1M", "data_edge_explicit_future", "market_wem"};
  return open_ended.count(name) == 0;
}

void check_headers(const recorded& r, const test_answer& answer) {
  for (const auto& header : r.exchange["headers"].GetObject()) {
    const std::string name = header.name.GetString();
    const std::string value = header.value.GetString();
    if (name == "connection" || name == "content-length") continue;
    REQUIRE(answer.headers.count(name) == 1);
    if (name == "etag") {
      CHECK(answer.headers.at(name).starts_with("W/"));
    } else if (name == "location") {
      CHECK(answer.headers.at(name).ends_with("/v4/facilities/"));
    } else {
      CHECK(answer.headers.at(name) == value);
    }
  }
}

void check_body(const recorded& r, const test_answer& answer) {
  if (r.body().IsNull()) {
    CHECK(answer.body.empty());
    return;
  }
  rapidjson::Document found;
  found.Parse(answer.body.c_str(), answer.body.size());
  REQUIRE_FALSE(found.HasParseError());
  static const std::set<std::string> literally{"metrics", "networks", "fueltechs", "plans"};
  if (r.status() != 200 || literally.count(r.name) == 1) {
    CHECK(to_text(found) == to_text(r.body()));
    // Errors are as long as the server's: compact JSON in the same order.
    CHECK(answer.headers.at("content-length") == r.exchange["headers"]["content-length"].GetString());
  } else if (r.name == "me" || r.name == "facilities") {
    CHECK(shape_difference(r.body(), found).value_or("") == "");
  } else {
    CHECK(series_difference(r.body(), found, labels_comparable(r.name)).value_or("") == "");
  }
}

}  // namespace

TEST_CASE("every recorded exchange is answered alike") {
  local_simulator simulator;
  test_client client(simulator.port());
  const auto all = all_recorded();
  CHECK(all.size() >= 41);
  for (const auto& r : all) {
    CAPTURE(r.name);
    CAPTURE(r.target());
    if (r.name == "err_503_maintenance") {
      client.ask("POST", "/_sim/faults", R"({"kind":"maintenance"})", {});
    }
    const auto answer = client.get(r.target(), key_of(r));
    CAPTURE(answer.body.substr(0, 600));
    REQUIRE(answer.failure == "");
    CHECK(answer.status == r.status());
    if (answer.status != r.status()) continue;
    check_headers(r, answer);
    check_body(r, answer);
  }
}

TEST_CASE("the routes exist without the version prefix as well") {
  local_simulator simulator;
  test_client client(simulator.port());
  CHECK(client.get("/health").body == R"("OK")");
  CHECK(client.get("/v4/health").body == R"("OK")");
  CHECK(client.get("/market/network/NEM?metrics=price").status == 200);
  CHECK(client.get("/facilities?network_id=WEM").headers.at("location").ends_with("/facilities/?network_id=WEM"));
  CHECK(client.get("/v4").body == R"({"detail":"Not Found"})");
  CHECK(client.ask("POST", "/v4/metrics", "", {}).body == R"({"detail":"Not Found"})");
}

TEST_CASE("facility data and the list need a key, and the list's filters work") {
  local_simulator simulator;
  test_client client(simulator.port());
  CHECK(client.get("/v4/data/facilities/NEM?metrics=power").status == 401);
  CHECK(client.get("/v4/facilities/").status == 401);
  const auto all = client.get("/v4/facilities/", "test-key-community");
  CHECK(all.status == 200);
  CHECK(all.headers.at("cache-control") == "max-age=900");
  CHECK(all.body.find("solar_rooftop") == std::string::npos);
  CHECK(client.get("/v4/facilities/?facility_code=NONE&status_id=retired", "test-key-community")
            .body.find(
                "No facilities found matching filters: facility_codes=[NONE], status_ids=[UnitStatusType.retired]") !=
        std::string::npos);
  CHECK(client.get("/v4/facilities/?status_id=asleep", "test-key-community").status == 422);
  CHECK(client
            .get("/v4/data/facilities/NEM?metrics=power&facility_code=NONE&date_start=2026-11-22&date_end=2026-11-23",
                 "test-key-community")
            .body.find("No data available for facility=['NONE'] in the specified time range") != std::string::npos);
}

TEST_CASE("the list of facilities can be told to say something else of a unit; the data stays") {
  local_simulator simulator;
  test_client client(simulator.port());
  const auto list = [&] {
    return client.get("/v4/facilities/?facility_code=BAYSW", "test-key-community", {{"Cache-Control", "no-cache"}})
        .body;
  };
  CHECK(list().find("retired") == std::string::npos);
  CHECK(client.ask("POST", "/_sim/units?unit=BW01&status=retired", "", {}).status == 200);
  CHECK(list().find(R"("code":"BW01","fueltech_id":"coal_black","status_id":"retired")") != std::string::npos);
  CHECK(client.ask("POST", "/_sim/units?unit=BW01&listed=false", "", {}).status == 200);
  CHECK(list().find("BW01") == std::string::npos);
  CHECK(list().find("BW02") != std::string::npos);
  CHECK(client.ask("POST", "/_sim/units", "", {}).status == 400);
  CHECK(client
            .get("/v4/data/facilities/NEM?metrics=power&facility_code=BAYSW&date_start=2026-11-23&date_end=2026-11-24",
                 "test-key-community")
            .body.find("BW01") != std::string::npos);
}

TEST_CASE("the simulated time can be told to run at another speed from here on") {
  local_simulator simulator;
  test_client client(simulator.port());
  const auto told = client.ask("POST", "/_sim/clock?speed=0.5", "", {});
  CHECK(told.status == 200);
  CHECK(told.body.find(R"("speed":0.5)") != std::string::npos);
  CHECK(client.ask("GET", "/_sim/time", "", {}).body.find(R"("speed":0.5)") != std::string::npos);
  for (const auto* wrong : {"", "?speed=0", "?speed=-1", "?speed=fast", "?speed=1e9", "?speed=1&date_skew=1"}) {
    CHECK(client.ask("POST", std::string("/_sim/clock") + wrong, "", {}).status == 400);
  }
}
