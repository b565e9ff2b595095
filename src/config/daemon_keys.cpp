#include "config/quantity.hpp"
#include "config/settings_table.hpp"
#include "config/text_checks.hpp"

namespace oes {
namespace {

using std::chrono::milliseconds;
using target = configuration;
using kind = value_kind;
using row = key_row<configuration>;

constexpr double second = 1000;
constexpr double minute = 60 * second;
constexpr double hour = 60 * minute;
constexpr double kib = 1024;
constexpr double mib = 1024 * kib;
constexpr double gib = 1024 * mib;

const std::string& text(const setting_value& v) { return as<std::string>(v); }
milliseconds span(const setting_value& v) { return as<milliseconds>(v); }
std::chrono::seconds whole(const setting_value& v) { return std::chrono::floor<std::chrono::seconds>(span(v)); }
std::size_t count(const setting_value& v) { return static_cast<std::size_t>(as<std::int64_t>(v)); }

std::string without_trailing_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

void store_listen(target& c, const setting_value& v) {
  const auto colon = text(v).rfind(':');
  c.telemetry.http_port = static_cast<std::uint16_t>(parse_integer(text(v).substr(colon + 1)).value_or(0));
  c.telemetry.http_address = text(v).substr(0, colon);
  if (c.telemetry.http_address.starts_with('[')) {
    c.telemetry.http_address = c.telemetry.http_address.substr(1, c.telemetry.http_address.size() - 2);
  }
  if (c.telemetry.http_address == "localhost") c.telemetry.http_address = "127.0.0.1";
}

topic_creation parse_topic_creation(const std::string& word) {
  if (word == "all") return topic_creation::all;
  return word == "none" ? topic_creation::none : topic_creation::progress;
}

void add_general_rows(std::vector<row>& rows) {
  rows.push_back({{"deployment",
                   kind::text,
                   "openelectricity",
                   "Name of this deployment: its consumer group, transactional id and progress topic. One daemon of a "
                   "deployment leads, the others stand by.",
                   {.check = check_deployment}},
                  [](target& c, const setting_value& v) { c.publish.deployment = text(v); }});
  rows.push_back({{"delivery",
                   kind::choice,
                   "exactly_once",
                   "exactly_once: data and progress in one Kafka transaction; at_least_once: for clusters without "
                   "transactional rights, after a crash one batch may repeat.",
                   {.choices = {"exactly_once", "at_least_once"}}},
                  [](target& c, const setting_value& v) {
                    c.publish.delivery = text(v) == "at_least_once" ? delivery_guarantee::at_least_once
                                                                    : delivery_guarantee::exactly_once;
                  }});
  rows.push_back({{"standby", kind::flag, "true",
                   "Wait while another daemon of the deployment leads; false: exit with code 75 instead."},
                  [](target& c, const setting_value& v) { c.publish.standby = as<bool>(v); }});
  rows.push_back(
      {{"progress_path",
        kind::text,
        "/var/lib/openelectricity-stream",
        "Folder of progress.json, the lock and the control socket. Systemd's $STATE_DIRECTORY where it is set.",
        {.env = "STATE_DIRECTORY", .check = check_not_empty}},
       [](target& c, const setting_value& v) { c.progress_path = text(v); }});
}

void add_api_rows(std::vector<row>& rows) {
  rows.push_back({{"api.api_key",
                   kind::secret,
                   "",
                   "Key of the OpenElectricity API. Without one network data is served with COMMUNITY limits.",
                   {.env = "OPENELECTRICITY_API_KEY", .check = check_api_key}},
                  [](target& c, const setting_value& v) { c.fetch.api_key = text(v); }});
  rows.push_back({{"api.api_key_file", kind::secret_file, "",
                   "File that holds the key; instead of api.api_key. Read again when the key is refused."},
                  [](target& c, const setting_value& v) { c.fetch.api_key_file = text(v); }});
  rows.push_back({{"api.base_url",
                   kind::text,
                   "https://api.openelectricity.org.au/v4",
                   "The API's address. https://; http:// for this machine only.",
                   {.env = "OPENELECTRICITY_API_URL", .check = check_base_url}},
                  [](target& c, const setting_value& v) { c.fetch.base_url = without_trailing_slash(text(v)); }});
  rows.push_back({{"api.ca_file", kind::file, "",
                   "PEM file of trusted certificates for the API; unset: the system's trust store."},
                  [](target& c, const setting_value& v) { c.fetch.ca_file = text(v); }});
  rows.push_back({{"api.connect_timeout",
                   kind::duration,
                   "10s",
                   "Longest wait for name, connection and TLS.",
                   {.lowest = 100, .highest = 10 * minute}},
                  [](target& c, const setting_value& v) { c.fetch.connect_timeout = span(v); }});
  rows.push_back({{"api.first_byte_timeout",
                   kind::duration,
                   "2m",
                   "Longest wait for an answer to begin. A large one takes 10 s; the server gives up at 90 s.",
                   {.lowest = second, .highest = hour}},
                  [](target& c, const setting_value& v) { c.fetch.first_byte_timeout = span(v); }});
  rows.push_back({{"api.total_timeout",
                   kind::duration,
                   "5m",
                   "Longest time for a whole request and its answer.",
                   {.lowest = second, .highest = hour}},
                  [](target& c, const setting_value& v) { c.fetch.total_timeout = span(v); }});
  rows.push_back({{"api.max_header",
                   kind::size,
                   "64KiB",
                   "Largest header of an answer that is accepted.",
                   {.lowest = kib, .highest = mib}},
                  [](target& c, const setting_value& v) { c.fetch.max_header_bytes = count(v); }});
  rows.push_back({{"api.max_body",
                   kind::size,
                   "128MiB",
                   "Largest body as transferred. 8 days of NEM by region and "
                   "fueltech, 5 metrics, are 25 MB.",
                   {.lowest = 64 * kib, .highest = 4 * gib}},
                  [](target& c, const setting_value& v) { c.fetch.max_body_bytes = count(v); }});
  rows.push_back({{"api.max_inflated_body",
                   kind::size,
                   "256MiB",
                   "Largest body after gzip was undone.",
                   {.lowest = 64 * kib, .highest = 4 * gib}},
                  [](target& c, const setting_value& v) { c.fetch.max_inflated_bytes = count(v); }});
  rows.push_back({{"api.gzip", kind::flag, "true", "Accept gzip: an eighth of the transfer."},
                  [](target& c, const setting_value& v) { c.fetch.gzip = as<bool>(v); }});
}

void add_budget_rows(std::vector<row>& rows) {
  rows.push_back({{"budget.plan",
                   kind::choice,
                   "auto",
                   "The key's plan, whose limits apply; auto: asked of the API, COMMUNITY where it does not say.",
                   {.choices = {"auto", "COMMUNITY", "ACADEMIC", "PRO", "ENTERPRISE"}}},
                  [](target& c, const setting_value& v) { c.budget.plan = text(v); }});
  rows.push_back({{"budget.credits_per_day",
                   kind::integer,
                   "",
                   "Credits of a day; overrides the plan's.",
                   {.lowest = 1, .highest = 1e9}},
                  [](target& c, const setting_value& v) { c.budget.credits_per_day = as<std::int64_t>(v); }});
  rows.push_back({{"budget.requests_per_second",
                   kind::number,
                   "",
                   "Requests per second; overrides the plan's.",
                   {.lowest = 0, .highest = 1000, .above_lowest = true}},
                  [](target& c, const setting_value& v) { c.budget.requests_per_second = as<double>(v); }});
  rows.push_back({{"budget.share",
                   kind::number,
                   "0.9",
                   "Share of the day's credits that the daemon may spend; the rest is left to others of the key.",
                   {.lowest = 0, .highest = 1, .above_lowest = true}},
                  [](target& c, const setting_value& v) { c.budget.share = as<double>(v); }});
  rows.push_back({{"budget.resets_at", kind::time_of_day, "00:00", "UTC time at which the credit day begins."},
                  [](target& c, const setting_value& v) { c.budget.resets_at = whole(v); }});
}

void add_schedule_rows(std::vector<row>& rows) {
  rows.push_back({{"retry.base",
                   kind::duration,
                   "2s",
                   "First wait after a failure; it doubles, with full jitter.",
                   {.lowest = 1, .highest = hour}},
                  [](target& c, const setting_value& v) { c.schedule.retry.base = span(v); }});
  rows.push_back(
      {{"retry.cap", kind::duration, "5m", "Longest wait after a failure.", {.lowest = 1, .highest = 24 * hour}},
       [](target& c, const setting_value& v) { c.schedule.retry.cap = span(v); }});
  rows.push_back({{"retry.limit_base",
                   kind::duration,
                   "2m",
                   "First wait when the API refuses a key that has worked: a spent limit looks like that.",
                   {.lowest = 1, .highest = 24 * hour}},
                  [](target& c, const setting_value& v) { c.schedule.limit.base = span(v); }});
  rows.push_back(
      {{"retry.limit_cap", kind::duration, "1h", "Longest wait of that kind.", {.lowest = 1, .highest = 24 * hour}},
       [](target& c, const setting_value& v) { c.schedule.limit.cap = span(v); }});
  rows.push_back({{"retry.probe_rejected",
                   kind::duration,
                   "1h",
                   "How often a request that the API rejects as wrong, or a key it never accepted, is tried again.",
                   {.lowest = second, .highest = 7 * 24 * hour}},
                  [](target& c, const setting_value& v) { c.schedule.probe_rejected = whole(v); }});
  rows.push_back({{"schedule.trigger_offset",
                   kind::duration,
                   "70s",
                   "Polls start this long after the full interval: the API needs about that long.",
                   {.lowest = 0, .highest = hour}},
                  [](target& c, const setting_value& v) { c.schedule.trigger_offset = whole(v); }});
  rows.push_back({{"schedule.trigger_jitter",
                   kind::duration,
                   "10s",
                   "Random part of a poll's time, so that many daemons do not ask at once.",
                   {.lowest = 0, .highest = hour}},
                  [](target& c, const setting_value& v) { c.schedule.trigger_jitter = whole(v); }});
  rows.push_back(
      {{"schedule.learn_arrivals", kind::flag, "true",
        "Place polls of 5m streams where new data was seen to appear; false: at the trigger and its offset."},
       [](target& c, const setting_value& v) { c.schedule.learn_arrivals = as<bool>(v); }});
  rows.push_back({{"schedule.hole_after",
                   kind::duration,
                   "1h",
                   "A window still without rows this long after its end is probed past and noted as a gap.",
                   {.lowest = minute, .highest = 30 * 24 * hour}},
                  [](target& c, const setting_value& v) { c.schedule.hole_after = whole(v); }});
  rows.push_back({{"schedule.gap_retry",
                   kind::duration,
                   "1d",
                   "How often gaps are asked for again that lie behind what is re-read.",
                   {.lowest = minute, .highest = 30 * 24 * hour}},
                  [](target& c, const setting_value& v) { c.schedule.gap_retry = whole(v); }});
  rows.push_back({{"schedule.gap_give_up",
                   kind::duration,
                   "30d",
                   "Gaps whose data is older than this are not asked for again, and recorded as given up.",
                   {.lowest = hour, .highest = 3650 * 24 * hour}},
                  [](target& c, const setting_value& v) { c.schedule.gap_give_up = whole(v); }});
}

void add_kafka_rows(std::vector<row>& rows) {
  rows.push_back({{"kafka.bootstrap_servers",
                   kind::text_list,
                   "",
                   "Brokers to begin with, host:port.",
                   {.env = "KAFKA_BOOTSTRAP_SERVERS", .not_empty = true, .check = check_bootstrap_server}},
                  [](target& c, const setting_value& v) {
                    c.publish.bootstrap_servers = without_blanks(as<std::vector<std::string>>(v));
                  }});
  rows.push_back({{"kafka.properties", kind::properties, "",
                   "Any librdkafka property, passed through, but for those that would break the delivery guarantee. A "
                   "secret one has a `_file` variant (sasl.password_file)."},
                  [](target& c, const setting_value& v) { c.publish.properties = as<property_list>(v); }});
  rows.push_back({{"kafka.create_topics",
                   kind::choice,
                   "progress",
                   "Which missing topics the daemon makes: all, only its progress topic, or none.",
                   {.choices = {"all", "progress", "none"}}},
                  [](target& c, const setting_value& v) { c.publish.create_topics = parse_topic_creation(text(v)); }});
  rows.push_back({{"kafka.session_timeout",
                   kind::duration,
                   "6s",
                   "After this long without a sign of life another daemon of the deployment takes over.",
                   {.lowest = second, .highest = 30 * minute}},
                  [](target& c, const setting_value& v) { c.publish.session_timeout = span(v); }});
  rows.push_back({{"kafka.transaction_timeout",
                   kind::duration,
                   "30s",
                   "Longest life of one transaction.",
                   {.lowest = second, .highest = 15 * minute}},
                  [](target& c, const setting_value& v) { c.publish.transaction_timeout = span(v); }});
  rows.push_back({{"kafka.message_timeout",
                   kind::duration,
                   "20s",
                   "Longest time to deliver one record; shorter than the transaction.",
                   {.lowest = second, .highest = 15 * minute}},
                  [](target& c, const setting_value& v) { c.publish.message_timeout = span(v); }});
  rows.push_back({{"kafka.producer_idle_retirement",
                   kind::duration,
                   "1h",
                   "A producer that was idle this long is replaced before its next transaction.",
                   {.lowest = second, .highest = 6 * 24 * hour}},
                  [](target& c, const setting_value& v) { c.publish.producer_idle_retirement = whole(v); }});
  rows.push_back({{"kafka.max_transaction_records",
                   kind::integer,
                   "50000",
                   "Most records in one transaction: an open one holds back every read_committed reader.",
                   {.lowest = 1, .highest = 1e6}},
                  [](target& c, const setting_value& v) { c.publish.max_transaction_records = count(v); }});
  rows.push_back({{"kafka.max_transaction_size",
                   kind::size,
                   "16MiB",
                   "Most bytes in one transaction.",
                   {.lowest = 64 * kib, .highest = 256 * mib}},
                  [](target& c, const setting_value& v) { c.publish.max_transaction_bytes = count(v); }});
  rows.push_back({{"kafka.queue_size",
                   kind::size,
                   "64MiB",
                   "Memory of librdkafka for records on their way.",
                   {.lowest = mib, .highest = 64 * mib}},
                  [](target& c, const setting_value& v) { c.publish.queue_kbytes = count(v) / 1024; }});
}

void add_facilities_rows(std::vector<row>& rows) {
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
}

void add_telemetry_rows(std::vector<row>& rows) {
  rows.push_back({{"http.enabled", kind::flag, "true", "Serve the status page, health and Prometheus metrics."},
                  [](target& c, const setting_value& v) { c.telemetry.http_enabled = as<bool>(v); }});
  rows.push_back({{"http.listen",
                   kind::text,
                   "127.0.0.1:9464",
                   "Address and port to serve them on.",
                   {.check = check_listen_address}},
                  store_listen});
  rows.push_back({{"http.allowed_hosts",
                   kind::text_list,
                   "",
                   "Names by which browsers reach it, beside addresses, localhost and this host's name; * for any.",
                   {.check = check_host_name}},
                  [](target& c, const setting_value& v) { c.telemetry.http_hosts = as<std::vector<std::string>>(v); }});
  rows.push_back({{"log.level",
                   kind::choice,
                   "info",
                   "Least important level that is logged.",
                   {.choices = {"trace", "debug", "info", "warn", "error"}}},
                  [](target& c, const setting_value& v) { c.telemetry.log_level = text(v); }});
  rows.push_back({{"log.format",
                   kind::choice,
                   "text",
                   "text for people, json for machines; one line an event.",
                   {.choices = {"text", "json"}}},
                  [](target& c, const setting_value& v) { c.telemetry.log_format = text(v); }});
}

clock_settings& clock_of(target& c) {
  if (!c.test_clock) c.test_clock.emplace();
  return *c.test_clock;
}

// For tests only: a week in minutes, in step with the simulator's clock.
void add_testing_rows(std::vector<row>& rows) {
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

std::vector<row> make_rows() {
  std::vector<row> rows;
  add_general_rows(rows);
  add_api_rows(rows);
  add_budget_rows(rows);
  add_schedule_rows(rows);
  add_kafka_rows(rows);
  add_facilities_rows(rows);
  add_telemetry_rows(rows);
  add_testing_rows(rows);
  return rows;
}

}  // namespace

const std::vector<key_row<configuration>>& daemon_keys() {
  static const auto rows = make_rows();
  return rows;
}

}  // namespace oes
