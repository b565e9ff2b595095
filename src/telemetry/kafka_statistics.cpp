#include "telemetry/kafka_statistics.hpp"

#include <rapidjson/document.h>

#include <string>

namespace oes {
namespace {

constexpr double microseconds = 1e-6;

std::int64_t whole(const rapidjson::Value& of, const char* name) {
  const auto found = of.FindMember(name);
  return found != of.MemberEnd() && found->value.IsInt64() ? found->value.GetInt64() : 0;
}

std::string text(const rapidjson::Value& of, const char* name) {
  const auto found = of.FindMember(name);
  return found != of.MemberEnd() && found->value.IsString() ? found->value.GetString() : "";
}

void add_broker(kafka_statistics& out, const rapidjson::Value& broker) {
  // Without a number it is a name to begin with; a "logical" one stands for a coordinator: they are among the others.
  if (whole(broker, "nodeid") < 0 || text(broker, "source") == "logical") return;
  ++out.brokers;
  if (text(broker, "state") == "UP") ++out.brokers_up;
  const auto round_trip = broker.FindMember("rtt");
  if (round_trip == broker.MemberEnd() || !round_trip->value.IsObject()) return;
  const auto mean = static_cast<double>(whole(round_trip->value, "avg")) * microseconds;
  if (mean <= out.round_trip_seconds) return;
  out.round_trip_seconds = mean;
  out.round_trip_p99_seconds = static_cast<double>(whole(round_trip->value, "p99")) * microseconds;
}

}  // namespace

std::optional<kafka_statistics> read_kafka_statistics(std::string_view json) {
  rapidjson::Document document;
  document.Parse(json.data(), json.size());
  if (document.HasParseError() || !document.IsObject()) return std::nullopt;
  kafka_statistics out;
  out.queued_records = whole(document, "msg_cnt");
  out.queued_bytes = whole(document, "msg_size");
  const auto brokers = document.FindMember("brokers");
  if (brokers == document.MemberEnd() || !brokers->value.IsObject()) return std::nullopt;
  for (const auto& one : brokers->value.GetObject()) {
    if (one.value.IsObject()) add_broker(out, one.value);
  }
  return out;
}

}  // namespace oes
