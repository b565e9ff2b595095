// A client that cannot be made, after the settings have made one before the start.
#include "kafka/kafka_client.hpp"
#include "kafka/kafka_conf.hpp"
#include "publish/client_properties.hpp"

#include <doctest/doctest.h>

using namespace oes;

TEST_CASE("a certificate that cannot be read for a moment is waited for, and is no refusal of the settings") {
  logger log(telemetry_settings{.log_level = "error"});
  kafka_client_log lines(log, "producer");
  publish_settings settings;
  settings.properties = {{"security.protocol", "ssl"}, {"ssl.ca.location", "/nonexistent/ca.pem"}};
  auto conf = make_conf(producer_properties(settings, "me"));
  REQUIRE(conf.has_value());
  const auto client = start_client(RD_KAFKA_PRODUCER, std::move(*conf), lines);
  REQUIRE(client.has_error());
  CHECK(client.error().code == errc::kafka_unavailable);
  CHECK(client.error().context.find("ssl.ca.location") != std::string::npos);
}

TEST_CASE("G4: a password that a broker repeats is not told") {
  logger log(telemetry_settings{.log_level = "error"});
  kafka_client_log lines(log, "producer");
  auto conf = make_conf({{"sasl.password", "p@ss word of kafka"}});
  REQUIRE(conf.has_value());
  REQUIRE(start_client(RD_KAFKA_PRODUCER, std::move(*conf), lines).has_value());
  lines.line(
      3, "FAIL",
      "[thrd:sasl_ssl://k:9093/1]: sasl_ssl://k:9093/1: SASL authentication error: no such user with p@ss word of "
      "kafka (after 5ms in state AUTH_REQ)");
  CHECK(lines.heard_lately().find("no such user") != std::string::npos);
  CHECK(lines.heard_lately().find("word of") == std::string::npos);
}

TEST_CASE("a property that is none is refused") {
  CHECK(make_conf({{"compresion.type", "lz4"}}).error().code == errc::kafka_refused);
}
