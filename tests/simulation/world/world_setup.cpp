// What daemons of a world are configured with, and what has to be in the topics for it.
#include <algorithm>
#include <set>

#include "groups/request_group.hpp"
#include "model/network.hpp"
#include "schedule/window_planner.hpp"
#include "simulation/world/configuration_keys.hpp"
#include "simulation/world/world.hpp"

namespace oes::simulation {

using std::chrono::seconds;

// By the API's time: what appeared later need not be published yet. Of longer labels the one behind is waited for.
// Who was refused for long asks an hour later.
std::chrono::seconds slack(const world_plan& plan) {
  if (plan.credits) return std::chrono::minutes(80);
  const auto& grid = plan.grid;
  return grid.is_native() ? std::chrono::minutes(20) : grid.scale() * std::chrono::minutes(20) + fill_time(grid.net);
}

stream_spec world::stream_of(std::size_t place, std::vector<std::string> metrics) const {
  stream_spec one;
  one.name = "s" + std::to_string(place);
  one.metrics = std::move(metrics);
  one.primary = plan_.by_network ? primary_grouping::network : primary_grouping::network_region;
  if (plan_.provisional) one.edge = edge_policy::provisional;
  one.topic =
      plan_.one_topic ? "openelectricity.{dataset}.{interval}.v1" : "openelectricity.{dataset}.{interval}.{stream}.v1";
  one.net = plan_.grid.net;
  one.interval = plan_.grid.interval;
  if (!plan_.grid.is_native())
    one.trigger = std::min<std::chrono::seconds>(std::chrono::days(1), plan_.grid.scale() * std::chrono::minutes(5));
  if (plan_.first_only) one.revisions = revision_policy::first;
  one.publish_nulls = plan_.publish_nulls;
  one.start = plan_.grid.floor(world_began() + plan_.begins_at - plan_.starts_before);
  one.re_reads = plan_.re_reads;
  if (plan_.wide && one.metrics.size() > 1) one.shape = record_shape::wide;
  return one;
}

// As the configuration has them now.
std::vector<stream_spec> world::streams() const {
  std::vector<stream_spec> out;
  for (const auto& metrics : plan_.streams) out.push_back(stream_of(out.size(), metrics));
  const auto named = [](const std::string& name) {
    return [name](const stream_spec& one) { return one.name == name; };
  };
  for (const auto& change : plan_.changes) {
    if (change.at > machine_.now()) break;
    const auto name = "s" + std::to_string(change.stream);
    const auto here = std::find_if(out.begin(), out.end(), named(name));
    switch (change.what) {
      case config_change::kind::add_stream:
        // In a topic of its own: the series of another stream, or of one that was there, must not meet in one.
        out.push_back(stream_of(plan_.streams.size(), {"price"}));
        out.back().topic = "openelectricity.{dataset}.{interval}.{stream}.v1";
        break;
      case config_change::kind::drop_stream:
        if (here != out.end()) out.erase(here);
        break;
      case config_change::kind::bring_back:
        if (here == out.end()) out.push_back(stream_of(change.stream, plan_.streams[change.stream]));
        break;
      case config_change::kind::add_metric:
        if (here != out.end() && std::ranges::find(here->metrics, "energy") == here->metrics.end())
          here->metrics.emplace_back("energy");
        break;
      case config_change::kind::re_read:
        for (auto& one : out) one.re_reads = {{std::chrono::minutes(45), {}, {}}};
        break;
      case config_change::kind::trigger:
        if (here != out.end()) here->trigger = std::chrono::minutes(7);
        break;
    }
  }
  return out;
}

configuration world::configuration_of(int instance) const {
  configuration config;
  config.fetch.base_url = "http://127.0.0.1:1";
  config.budget.plan = plan_.credits ? "auto" : "ENTERPRISE";
  if (plan_.credits) config.fetch.api_key = "key-of-the-world";
  config.budget.requests_per_second = 1000;
  if (plan_.at_least_once) config.publish.delivery = delivery_guarantee::at_least_once;
  config.publish.bootstrap_servers = "simulated:9092";
  config.publish.create_topics = topic_creation::all;
  config.publish.topics.data.partitions = plan_.data_partitions;
  config.publish.max_transaction_records = plan_.max_transaction_records;
  config.publish.producer_idle_retirement = plan_.idle_retirement;
  if (plan_.impatient) {
    config.publish.message_timeout = seconds(3);
    config.publish.transaction_timeout = seconds(5);
  }
  config.facilities.enabled = plan_.list_every.count() > 0;
  config.facilities.every = plan_.list_every;
  config.facilities.tombstones = plan_.tombstones;
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
  return stream.re_reads.empty() ? usual_re_reads(stream.net, stream.interval) : stream.re_reads;
}

bool world::asked_by_several(const std::string& metric) const {
  return std::ranges::count_if(streams(), [&](const auto& one) {
           return std::ranges::find(one.metrics, metric) != one.metrics.end();
         }) > 1;
}

bool world::asked_alike_by_several(const std::string& stream, const std::string& metric) const {
  const auto groups = make_groups(streams());
  const auto asked_by = [](const request_group& group) {
    std::set<std::string> metrics;
    for (const auto& member : group.members) metrics.insert(member.metrics.begin(), member.metrics.end());
    return metrics;
  };
  const auto own = std::ranges::find_if(groups, [&](const request_group& group) {
    return std::ranges::any_of(group.members, [&](const tracked_metric& one) {
      return one.stream() == stream && std::ranges::find(one.metrics, metric) != one.metrics.end();
    });
  });
  if (own == groups.end()) return false;
  return std::ranges::count_if(groups, [&](const auto& one) { return asked_by(one) == asked_by(*own); }) > 1;
}

std::vector<wanted_points> world::wanted() const {
  std::vector<wanted_points> out;
  const auto until = api_time() - slack(plan_) - plan_.every;
  for (const auto& stream : streams()) {
    for (const auto& metric : stream.metrics) {
      wanted_points one;
      one.topic = topic_for(stream, endpoint_for(metric), metric) + " " + stream.name;
      one.metric = metric;
      one.first = std::get<network_time>(stream.start);
      one.first = std::max(one.first, whole_from());
      one.complete = plan_.grid.floor(until);
      one.nulls = stream.publish_nulls;
      one.first_only = stream.revisions == revision_policy::first;
      one.began_again = std::ranges::any_of(again(), [&](const auto& reset) { return reset.stream == stream.name; });
      one.served_until = until;
      const auto cadences = re_reads_of(stream);
      const auto first = re_reads_of(stream_of(0, {}));  // before the configuration was changed
      one.back = std::min(cadences.front().back, first.front().back);
      // Another stream's request for the same metric may tell what this one does not compare, or not any more.
      if (asked_by_several(metric)) one.asked_with = stream.metrics;
      one.asked_alike = asked_alike_by_several(stream.name, metric);
      one.compared = asked_by_several(metric) ? one.back : std::min(horizon_of(cadences), horizon_of(first));
      out.push_back(std::move(one));
    }
  }
  return out;
}

loaded_configuration world::loaded(int instance) {
  loaded_configuration out;
  out.config = configuration_of(instance);
  note_keys(*out.config, outcome_.had);
  for (const auto& one : out.config->streams) {
    std::string re_reads;
    for (const auto& each : one.re_reads) re_reads += std::to_string(each.back.count()) + " ";
    out.values.streams.push_back({{"name", one.name},
                                  {"metrics", one.metrics},
                                  {"re_read", re_reads},
                                  {"trigger", std::chrono::milliseconds(one.trigger)}});
  }
  return out;
}

}  // namespace oes::simulation
