#include "publish/client_properties.hpp"

#include <algorithm>
#include <chrono>

#include "kafka/kafka_conf.hpp"

namespace oes {
namespace {

using std::chrono::milliseconds;

std::string text(milliseconds span) { return std::to_string(span.count()); }

/// A half-open connection has to be noticed well before the broker ends the transaction; librdkafka wants it at least
/// 100 ms below the transaction timeout.
milliseconds socket_timeout(const publish_settings& settings) {
  const milliseconds below = settings.transaction_timeout - milliseconds(200);
  return std::clamp(below, milliseconds(1000), milliseconds(10'000));
}

// A member learns with its next heartbeat that the leader has left: so much a clean handover takes at most.
milliseconds heartbeat(const publish_settings& settings) {
  return std::min(settings.session_timeout / 3, milliseconds(500));
}

}  // namespace

std::string transactional_id(const publish_settings& settings) { return "openelectricity." + settings.deployment; }

kafka_properties producer_properties(const publish_settings& settings, std::string_view instance) {
  kafka_properties all{
      {"socket.nagle.disable", "true"},
      {"socket.keepalive.enable", "true"},
      {"socket.timeout.ms", text(socket_timeout(settings))},
      {"linger.ms", "5"},
      {"compression.codec", "lz4"},
      {"queue.buffering.max.messages", "1000000"},
      {"statistics.interval.ms", "15000"},
  };
  add(all, quick_end());
  add(all, settings.properties);
  add(all, {
               {"bootstrap.servers", settings.bootstrap_servers},
               {"client.id", std::string(instance)},
               {"enable.idempotence", "true"},
               {"acks", "all"},
               {"message.timeout.ms", text(std::min(settings.message_timeout, settings.transaction_timeout))},
               {"partitioner", "murmur2_random"},
               {"delivery.report.only.error", "false"},
               {"queue.buffering.max.kbytes", std::to_string(settings.queue_kbytes)},
           });
  if (settings.delivery == delivery_guarantee::exactly_once) {
    all.emplace_back("transactional.id", transactional_id(settings));
    all.emplace_back("transaction.timeout.ms", text(settings.transaction_timeout));
  }
  return all;
}

kafka_properties member_properties(const publish_settings& settings, std::string_view instance) {
  kafka_properties all{
      {"socket.keepalive.enable", "true"},
      {"socket.timeout.ms", "10000"},
  };
  add(all, quick_end());
  add(all, without_membership(settings.properties));
  add(all, {
               {"bootstrap.servers", settings.bootstrap_servers},
               {"client.id", std::string(instance)},
               {"group.id", settings.deployment},
               {"partition.assignment.strategy", "cooperative-sticky"},
               {"session.timeout.ms", text(settings.session_timeout)},
               {"heartbeat.interval.ms", text(heartbeat(settings))},
               {"max.poll.interval.ms", text(std::max(settings.session_timeout, milliseconds(300'000)))},
               {"enable.auto.commit", "false"},
               {"enable.auto.offset.store", "false"},
               {"auto.offset.reset", "latest"},
               {"allow.auto.create.topics", "false"},
           });
  return all;
}

}  // namespace oes
