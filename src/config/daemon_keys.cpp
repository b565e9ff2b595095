#include "config/key_rows.hpp"
#include "config/text_checks.hpp"

namespace oes {
namespace {

using namespace key_value;

void add_general_rows(daemon_rows& rows) {
  rows.push_back({{"deployment",
                   kind::text,
                   "openelectricity",
                   "Name of this deployment: its consumer group, transactional id and progress topic. One daemon of a "
                   "deployment leads, the others stand by.",
                   {.env = {"OPENELECTRICITY_STREAM_DEPLOYMENT"}, .check = check_deployment}},
                  [](target& c, const setting_value& v) { c.publish.deployment = text(v); }});
  rows.push_back({{"delivery",
                   kind::choice,
                   "exactly_once",
                   "exactly_once: data and progress in one Kafka transaction; at_least_once: for clusters without "
                   "transactional rights; one batch may repeat after a crash, or when an answer of a broker is lost.",
                   {.choices = {"exactly_once", "at_least_once"}}},
                  [](target& c, const setting_value& v) {
                    c.publish.delivery = text(v) == "at_least_once" ? delivery_guarantee::at_least_once
                                                                    : delivery_guarantee::exactly_once;
                  }});
  rows.push_back({{"standby", kind::flag, "true",
                   "Wait while another daemon of the deployment leads; false: exit with code 75 instead."},
                  [](target& c, const setting_value& v) { c.publish.standby = as<bool>(v); }});
  rows.push_back({{"progress_path",
                   kind::text,
                   "/var/lib/openelectricity-stream",
                   "Folder of progress.json, the lock and the control socket. Where this user cannot write there: "
                   "openelectricity-stream in $XDG_STATE_HOME or ~/.local/state.",
                   {.env = {"OPENELECTRICITY_STREAM_PROGRESS_PATH", "STATE_DIRECTORY"}, .check = check_folder}},
                  [](target& c, const setting_value& v) { c.progress_path = text(v); }});
}

void add_facilities_rows(daemon_rows& rows) {
  rows.push_back({{"facilities.enabled", kind::flag, "false",
                   "Publish the list of facilities: one record a unit, when it changes."},
                  [](target& c, const setting_value& v) { c.facilities.enabled = as<bool>(v); }});
  rows.push_back({{"facilities.every",
                   kind::duration,
                   "24h",
                   "How often the list is read; facility series go by it too.",
                   {.lowest = 15 * minute, .highest = 366 * 24 * hour}},
                  [](target& c, const setting_value& v) { c.facilities.every = whole(v); }});
  rows.push_back(
      {{"facilities.tombstones", kind::flag, "false", "Publish a tombstone for a unit that is no longer listed."},
       [](target& c, const setting_value& v) { c.facilities.tombstones = as<bool>(v); }});
  rows.push_back({{"facilities.topic",
                   kind::text,
                   "openelectricity.facilities.v1",
                   "Topic of the list; compacted.",
                   {.check = check_topic_name}},
                  [](target& c, const setting_value& v) { c.facilities.topic = text(v); }});
  rows.push_back({{"facilities.format",
                   kind::choice,
                   "json",
                   "json, or avro with the schema registered.",
                   {.choices = {"json", "avro"}}},
                  [](target& c, const setting_value& v) {
                    c.facilities.format = text(v) == "avro" ? record_format::avro : record_format::json;
                  }});
}

clock_settings& clock_of(target& c) {
  if (!c.test_clock) c.test_clock.emplace();
  return *c.test_clock;
}

// For tests only: a week in minutes, in step with the simulator's clock.
void add_testing_rows(daemon_rows& rows) {
  rows.push_back({{"testing.clock.real_anchor",
                   kind::integer,
                   "",
                   "Tests only: the real instant, in microseconds since 1970, at which the clock shows `shown`.",
                   {.lowest = 0, .highest = 9e15}},
                  [](target& c, const setting_value& v) {
                    clock_of(c).real_anchor = utc_time(std::chrono::microseconds(as<std::int64_t>(v)));
                  }});
  rows.push_back(
      {{"testing.clock.shown", kind::instant, "", "Tests only: what the clock shows at `real_anchor`."},
       [](target& c, const setting_value& v) { clock_of(c).shown_anchor = parse_utc(text(v)).value_or(utc_time()); }});
  rows.push_back({{"testing.clock.speed",
                   kind::number,
                   "",
                   "Tests only: how many times as fast as real time it runs.",
                   {.lowest = 0, .highest = 1e6, .above_lowest = true}},
                  [](target& c, const setting_value& v) { clock_of(c).speed = as<double>(v); }});
}

daemon_rows make_daemon_rows() {
  daemon_rows rows;
  add_general_rows(rows);
  add_api_rows(rows);
  add_budget_rows(rows);
  add_schedule_rows(rows);
  add_kafka_rows(rows);
  add_registry_rows(rows);
  add_facilities_rows(rows);
  add_telemetry_rows(rows);
  add_testing_rows(rows);
  return rows;
}

}  // namespace

const std::vector<key_row<configuration>>& daemon_keys() {
  static const auto rows = make_daemon_rows();
  return rows;
}

}  // namespace oes
