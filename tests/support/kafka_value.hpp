#pragma once
// What librdkafka holds after every property was set in order.
#include <doctest/doctest.h>

#include <array>
#include <string>

#include "kafka/kafka_conf.hpp"

namespace oes::test {

/// Empty: librdkafka knows no such property, or it has no value.
inline std::string value_of(const kafka_properties& properties, const char* name) {
  const auto conf = make_conf(properties);
  REQUIRE(conf.has_value());
  std::array<char, 256> value{};
  std::size_t size = value.size();
  if (rd_kafka_conf_get(conf->get(), name, value.data(), &size) != RD_KAFKA_CONF_OK) return "";
  return value.data();
}

}  // namespace oes::test
