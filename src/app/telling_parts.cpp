#include "app/telling_parts.hpp"

#include "kafka/kafka_version.hpp"
#include "model/version.hpp"

namespace oes {
namespace {

daemon_status first_status(const configuration& config, const instance_name& instance, const time_source& clock) {
  daemon_status board;
  board.version = version();
  board.commit = commit();
  board.librdkafka = kafka_library_version();
  board.deployment = config.publish.deployment;
  board.instance = instance.id;
  board.started_at = clock.now();
  board.api_url = config.fetch.base_url;
  board.kafka_servers = config.publish.bootstrap_servers;
  return board;
}

}  // namespace

telling_parts::telling_parts(const configuration& config, const instance_name& instance, const time_source& clock)
    : log(config.telemetry),
      numbers(config.publish.deployment),
      board(first_status(config, instance, clock)),
      report(log, numbers, board, clock) {
  board.page = &page;
  report.draw_on(page.chart);
}

}  // namespace oes
