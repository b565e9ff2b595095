// What daemons of a world are configured with, and what has to be in the topics for it.
#include <algorithm>

#include "model/network.hpp"
#include "simulation/world/world.hpp"

namespace oes::simulation {

using std::chrono::seconds;

// By the API's time: what appeared later need not be published yet.
constexpr std::chrono::minutes slack{20};

std::vector<stream_spec> world::streams() const {
  std::vector<stream_spec> out;
  for (const auto& metrics : plan_.streams) {
    stream_spec one;
    one.name = "s" + std::to_string(out.size());
    one.metrics = metrics;
    one.primary = primary_grouping::network_region;
    one.topic = plan_.one_topic ? "openelectricity.{dataset}.{interval}.v1"
                                : "openelectricity.{dataset}.{interval}.{stream}.v1";
    one.start = bucket_floor(to_network_time(world_began() + plan_.begins_at - plan_.starts_before, network::nem),
                             interval_size::m5);
    one.re_reads = plan_.re_reads;
    out.push_back(std::move(one));
  }
  return out;
}

configuration world::configuration_of(int instance) const {
  configuration config;
  config.fetch.base_url = "http://127.0.0.1:1";
  config.budget.plan = "ENTERPRISE";
  config.budget.requests_per_second = 1000;
  config.publish.bootstrap_servers = "simulated:9092";
  config.publish.create_topics = topic_creation::all;
  config.publish.topics.data.partitions = plan_.data_partitions;
  config.publish.max_transaction_records = plan_.max_transaction_records;
  config.publish.producer_idle_retirement = plan_.idle_retirement;
  if (plan_.impatient) {
    config.publish.message_timeout = seconds(3);
    config.publish.transaction_timeout = seconds(5);
  }
  config.telemetry.http_enabled = false;
  config.telemetry.log_level = options_.trace ? "info" : "error";
  config.streams = streams();
  config.progress_path = options_.folder + "/instance-" + std::to_string(instance);
  config.schedule.gap_retry = plan_.gap_retry;
  // An answer whose labels cannot be true is asked for again so much later: an hour is most of a world.
  config.schedule.probe_rejected = std::chrono::minutes(10);
  config.test_clock = clock_settings{world_began(), world_began() + plan_.begins_at, plan_.speed};
  return config;
}

std::vector<re_read> re_reads_of(const stream_spec& stream) {
  return stream.re_reads.empty() ? usual_re_reads(network::nem, interval_size::m5) : stream.re_reads;
}

bool world::asked_by_several(const std::string& metric) const {
  return std::ranges::count_if(plan_.streams,
                               [&](const auto& one) { return std::ranges::find(one, metric) != one.end(); }) > 1;
}

std::vector<wanted_points> world::wanted() const {
  std::vector<wanted_points> out;
  const auto until = api_time() - slack - plan_.every;
  for (const auto& stream : streams()) {
    for (const auto& metric : stream.metrics) {
      wanted_points one;
      one.topic = topic_for(stream, endpoint_for(metric), metric) + " " + stream.name;
      one.metric = metric;
      one.first = std::get<network_time>(stream.start);
      one.first = std::max(one.first, whole_from());
      one.complete = bucket_floor(to_network_time(until, network::nem), interval_size::m5);
      one.served_until = until;
      const auto cadences = re_reads_of(stream);
      one.back = cadences.front().back;
      // Another stream's request for the same metric may tell what this one does not compare.
      one.compared = asked_by_several(metric) ? one.back : horizon_of(cadences);
      out.push_back(std::move(one));
    }
  }
  return out;
}

}  // namespace oes::simulation
