#include "kafka/kafka_conf.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "kafka/fault.hpp"

namespace oes {
namespace {

/// These would change what the group is; a static member for example holds its partition for seconds after a clean
/// stop.
bool allowed_for_member(const std::pair<std::string, std::string>& property) {
  static constexpr std::array refused{"group.instance.id", "group.protocol", "group.remote.assignor"};
  return std::ranges::find(refused, property.first) == refused.end();
}

}  // namespace

void add(kafka_properties& to, const kafka_properties& more) { to.insert(to.end(), more.begin(), more.end()); }

// With client metrics on (the default from librdkafka 2.5) rd_kafka_destroy() waits for a word of its main thread that
// may have been given before it listens, and then takes a whole second.
kafka_properties quick_end() {
  constexpr int first_with_metrics = 0x02050000;
  if (rd_kafka_version() < first_with_metrics) return {};
  return {{"enable.metrics.push", "false"}};
}

kafka_properties without_membership(const kafka_properties& properties) {
  kafka_properties allowed;
  std::ranges::copy_if(properties, std::back_inserter(allowed), allowed_for_member);
  return allowed;
}

result<kafka_conf> make_conf(const kafka_properties& properties) {
  kafka_conf conf(rd_kafka_conf_new());
  std::array<char, 512> why{};
  for (const auto& [name, value] : properties) {
    const auto set = rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), why.data(), why.size());
    if (set != RD_KAFKA_CONF_OK) return fault(errc::kafka_refused, "kafka property " + name + ": " + why.data());
  }
  return conf;
}

}  // namespace oes
