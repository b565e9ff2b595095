#include <algorithm>
#include <array>

#include "config/checks.hpp"
#include "config/nearest.hpp"

namespace oes {
namespace {

const std::vector<std::string>& fueltechs() {
  static const std::vector<std::string> known{"coal_black",
                                              "coal_brown",
                                              "gas_ccgt",
                                              "gas_ocgt",
                                              "gas_recip",
                                              "gas_steam",
                                              "gas_wcmg",
                                              "solar_utility",
                                              "solar_rooftop",
                                              "solar_thermal",
                                              "wind",
                                              "wind_offshore",
                                              "hydro",
                                              "hydro_and_storage",
                                              "bioenergy_biogas",
                                              "bioenergy_biomass",
                                              "battery",
                                              "battery_charging",
                                              "battery_discharging",
                                              "distillate",
                                              "pumps",
                                              "imports",
                                              "exports",
                                              "nuclear",
                                              "interconnector"};
  return known;
}

const std::vector<std::string>& fueltech_groups() {
  static const std::vector<std::string> known{
      "coal",       "gas",  "solar", "wind", "hydro", "bioenergy", "battery", "battery_charging", "battery_discharging",
      "distillate", "pumps"};
  return known;
}

// The list of regions is not closed (api.md §3): an unknown one is only warned about.
const std::vector<std::string>& regions() {
  static const std::vector<std::string> known{"NSW1", "QLD1", "SA1", "TAS1", "VIC1", "WEM", "SNOWY1", "NT1"};
  return known;
}

// An unknown filter value is answered 404 for ever, like data that is not there yet (api.md §8).
void check_filter(const setting& s, const std::vector<std::string>& values, const std::vector<std::string>& known,
                  problem_log& log) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i].empty() || std::find(known.begin(), known.end(), values[i]) != known.end()) continue;
    const auto at = i < s.item_at.size() ? s.item_at[i] : s.at;
    log.warn(at, s.key,
             "'" + values[i] + "' is not known here; the API answers an unknown one with \"no data\" for ever" +
                 did_you_mean(values[i], known));
  }
}

std::string metrics_of(const stream_spec& spec, endpoint from) {
  std::vector<std::string> out;
  for (const auto& metric : spec.metrics) {
    if (endpoint_for(metric) == from) out.emplace_back(metric_name(metric));
  }
  return listed(out);
}

void check_grouping(const stream_settings& given, const stream_spec& spec, problem_log& log) {
  const auto id = identity_for(spec, endpoint::data);
  if (id.secondary == secondary_grouping::none) return;
  const auto market = metrics_of(spec, endpoint::market);
  if (market.empty()) return;
  auto blamed = &given.values.at("secondary_grouping");
  if (spec.secondary == secondary_grouping::none) {
    blamed = &given.values.at(spec.filter.fueltech_groups.empty() ? "fueltech" : "fueltech_group");
  }
  const auto data = metrics_of(spec, endpoint::data);
  const std::string rule = "a split by " + std::string(code(id.secondary)) + " applies to data metrics only";
  log.warn(blamed->at, blamed->key,
           data.empty() ? rule + ", and this stream has none: it has no effect on " + market
                        : rule + " (" + data + "); " + market + " comes without it");
}

// Newer metrics pass through by name; whether the API has them it alone can tell.
void check_network_metrics(const stream_settings& given, const stream_spec& spec, problem_log& log) {
  const auto& s = given.values.at("metrics");
  std::vector<std::string> known;
  for (const auto& metric : known_metrics()) known.emplace_back(metric.name);
  for (std::size_t i = 0; i < spec.metrics.size(); ++i) {
    const auto name = metric_name(spec.metrics[i]);
    if (find_metric(name)) continue;
    const auto at = i < s.item_at.size() ? s.item_at[i] : s.at;
    const bool data = endpoint_for(spec.metrics[i]) == endpoint::data;
    log.warn(at, s.key,
             "'" + std::string(name) + "' is no metric that this release knows; it is asked of " +
                 (data ? "data" : "market") + "/network by that name, and the API rejects the request if it has none" +
                 (name.size() == spec.metrics[i].size() ? " (data/" + std::string(name) + " asks data/network)" : "") +
                 did_you_mean(name, known));
  }
}

void check_place(const stream_settings& given, const stream_spec& spec, problem_log& log) {
  if (spec.net == network::au) {
    const auto& s = given.values.at("network_code");
    log.warn(s.at, s.key,
             "AU adds NEM and WEM by their local clocks, 2 h apart, and leaves out WEM rooftop solar; prefer one NEM "
             "and one WEM stream");
  }
  const auto& s = given.values.at("interval");
  if (spec.interval == interval_size::season || spec.interval == interval_size::fy) {
    log.warn(s.at, s.key,
             std::string(code(spec.interval)) +
                 " labels do not name the period's start in a way to rely on: take them as names; interval_start and "
                 "interval_end are left out");
  }
  if (spec.interval == interval_size::fy) {
    log.warn(s.at, s.key, "the API allows no plan but an administrator's more than 7 days of fy: it will reject this");
  }
}

void check_promises(const stream_settings& given, const stream_spec& spec, problem_log& log) {
  const auto& revisions = given.values.at("revisions");
  const auto& edge = given.values.at("edge");
  const auto& after = given.values.at("publish_after");
  const bool first = spec.revisions == revision_policy::first;
  const bool provisional = spec.edge == edge_policy::provisional;
  if (first && provisional) {
    const auto& blamed = edge.origin == setting_origin::from_file ? edge : revisions;
    log.fault(blamed.at, blamed.key,
              "revisions: first with edge: provisional would publish each point's least certain value and never "
              "correct it; use edge: held_back or revisions: all");
  }
  if (spec.publish_after.count() > 0 && provisional) {
    log.fault(after.at, after.key,
              "publish_after waits for a settled value, edge: provisional publishes the newest; "
              "use one of the two");
  }
  const bool unsettled = spec.publish_after < std::chrono::hours(24);
  if (first && spec.publish_nulls && unsettled) {
    const auto& nulls = given.values.at("publish_nulls");
    log.warn(
        nulls.at, nulls.key,
        "with revisions: first, a point that has no value when it is first seen stays null for readers, also where "
        "the API fills it minutes later: use revisions: all, or publish_after: 72h");
  }
  if (first && !provisional && unsettled) {
    const auto& blamed = after.origin == setting_origin::from_file ? after : revisions;
    log.warn(blamed.at, blamed.key,
             "revisions: first with publish_after below 24h: the API revises values for a day and more, and later "
             "values are never published; 72h is safe");
  }
}

// One record holds the columns of one answer, under one key.
void check_shape(const stream_settings& given, const stream_spec& spec, problem_log& log) {
  if (spec.shape == record_shape::long_form) return;
  const auto& shape = given.values.at("record.shape");
  const auto& topic = given.values.at("topic");
  if (spec.topic.find("{metric}") != std::string::npos) {
    log.fault(topic.at, topic.key, "a wide record has all metrics of its stream: {metric} stands for none of them");
  }
  const auto data = metrics_of(spec, endpoint::data);
  const auto market = metrics_of(spec, endpoint::market);
  if (data.empty() || market.empty()) return;
  log.fault(shape.at, shape.key,
            "a wide record holds the metrics of one endpoint: " + data + " come from data/network, " + market +
                " from market/network; make two streams of them");
}

void check_batch(const stream_settings& given, const stream_spec& spec, problem_log& log) {
  const auto& s = given.values.at("batch_size_hours");
  const auto step = bucket_add(network_time(), spec.interval, 1) - network_time();
  if (!spec.batch_size || *spec.batch_size >= step) return;
  log.warn(
      s.at, s.key,
      "it is less than one interval of " + std::string(code(spec.interval)) + ": one interval is asked for at a time");
}

}  // namespace

void check_streams(const check_subject& subject, problem_log& log) {
  for (std::size_t i = 0; i < subject.config.streams.size(); ++i) {
    const auto& spec = subject.config.streams[i];
    const auto& given = subject.settings.streams[i];
    check_network_metrics(given, spec, log);
    check_place(given, spec, log);
    check_grouping(given, spec, log);
    check_promises(given, spec, log);
    check_batch(given, spec, log);
    check_shape(given, spec, log);
    check_filter(given.values.at("network_region"), {spec.filter.network_region}, regions(), log);
    check_filter(given.values.at("fueltech"), spec.filter.fueltechs, fueltechs(), log);
    check_filter(given.values.at("fueltech_group"), spec.filter.fueltech_groups, fueltech_groups(), log);
  }
}

}  // namespace oes
