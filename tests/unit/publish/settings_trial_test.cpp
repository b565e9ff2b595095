#include "publish/settings_trial.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace oes;
using kind = kafka_complaint::kind;

namespace {

publish_settings with(std::vector<std::pair<std::string, std::string>> properties) {
  publish_settings settings;
  settings.properties = std::move(properties);
  return settings;
}

std::vector<kafka_complaint> complaints(std::vector<std::pair<std::string, std::string>> properties) {
  return try_kafka_settings(with(std::move(properties))).complaints;
}

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("I1: settings that librdkafka takes are no complaint, and no broker is asked") {
  CHECK(complaints({}).empty());
  CHECK(complaints({{"compression.type", "zstd"}, {"linger.ms", "20"}, {"request.timeout.ms", "5000"}}).empty());
  CHECK(complaints({{"security.protocol", "sasl_ssl"},
                    {"sasl.mechanism", "SCRAM-SHA-512"},
                    {"sasl.username", "u"},
                    {"sasl.password", "p"}})
            .empty());
}

TEST_CASE("I1: every unknown property and every wrong value is told, not only the first") {
  const auto outcome = try_kafka_settings(with({{"compresion.type", "lz4"},
                                                {"linger.ms", "abc"},
                                                {"security.protocol", "sasl_sssl"},
                                                {"ssl.truststore.type", "x"}}));
  REQUIRE(outcome.complaints.size() == 4);
  CHECK(outcome.complaints[0].is == kind::unknown_property);
  CHECK(outcome.complaints[1].is == kind::wrong);
  CHECK(outcome.complaints[1].property == "linger.ms");
  CHECK(outcome.complaints[2].property == "security.protocol");
  CHECK(outcome.complaints[3].is == kind::unknown_property);
  const auto& known = outcome.known_properties;
  CHECK(std::find(known.begin(), known.end(), "compression.type") != known.end());
  CHECK(std::find(known.begin(), known.end(), "request.timeout.ms") != known.end());
}

TEST_CASE("I1: what only a client finds out is found out") {
  const auto no_user = complaints({{"security.protocol", "sasl_plaintext"}, {"sasl.mechanism", "SCRAM-SHA-256"}});
  REQUIRE(no_user.size() == 1);
  CHECK(no_user[0].is == kind::wrong);
  CHECK(holds(no_user[0].text, "sasl.username"));
  const auto no_file = complaints({{"security.protocol", "ssl"}, {"ssl.ca.location", "/nonexistent/ca.pem"}});
  REQUIRE(no_file.size() == 1);
  CHECK(holds(no_file[0].text, "ssl.ca.location"));
}

TEST_CASE("I1: SASL that nobody asks for, TLS that nobody uses and tokens from nowhere are told") {
  const auto unused = complaints({{"sasl.username", "u"}, {"sasl.password", "p"}});
  REQUIRE(unused.size() == 1);
  CHECK(unused[0].is == kind::likely_mistake);
  CHECK(holds(unused[0].text, "security.protocol is plaintext"));
  const auto no_tls = complaints({{"ssl.cipher.suites", "DEFAULT"}});
  REQUIRE(no_tls.size() == 1);
  CHECK(holds(no_tls[0].text, "nothing is encrypted"));
  const auto no_token = complaints({{"security.protocol", "sasl_plaintext"}, {"sasl.mechanism", "OAUTHBEARER"}});
  REQUIRE_FALSE(no_token.empty());
  CHECK(holds(no_token[0].text, "no source of tokens"));
}
