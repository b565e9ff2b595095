// kafka.*
#include "config/key_rows.hpp"
#include "config/text_checks.hpp"

namespace oes {

using namespace key_value;

namespace {

topic_creation parse_topic_creation(const std::string& word) {
  if (word == "all") return topic_creation::all;
  return word == "none" ? topic_creation::none : topic_creation::progress;
}

using wishes_of = topic_wishes& (*)(target&);
topic_wishes& of_data(target& c) { return c.publish.topics.data; }
topic_wishes& of_facilities(target& c) { return c.publish.topics.facilities; }
topic_wishes& of_progress(target& c) { return c.publish.topics.progress; }

template <wishes_of Wishes>
void store_partitions(target& c, const setting_value& v) {
  Wishes(c).partitions = static_cast<int>(as<std::int64_t>(v));
}
template <wishes_of Wishes>
void store_replication(target& c, const setting_value& v) {
  Wishes(c).replication = static_cast<int>(as<std::int64_t>(v));
}
template <wishes_of Wishes>
void store_config(target& c, const setting_value& v) {
  for (const auto& [name, value] : as<property_list>(v)) Wishes(c).config[name] = value;
}

constexpr double most_partitions = 10'000;
constexpr double most_copies = 100;

void add_topic_rows(daemon_rows& rows) {
  rows.push_back({{"kafka.topics.data.partitions",
                   kind::integer,
                   "",
                   "Partitions of a data topic that the daemon makes; unset: 3, of facility series 6.",
                   {.lowest = 1, .highest = most_partitions}},
                  store_partitions<of_data>});
  rows.push_back({{"kafka.topics.data.replication_factor",
                   kind::integer,
                   "",
                   "Its copies; unset: one on each broker, at most 3.",
                   {.lowest = 1, .highest = most_copies}},
                  store_replication<of_data>});
  rows.push_back(
      {{"kafka.topics.data.config", kind::properties, "",
        "Any settings of topics for it. Usual: cleanup.policy delete, retention.ms -1 (for ever), with three copies "
        "min.insync.replicas 2."},
       store_config<of_data>});
  rows.push_back({{"kafka.topics.facilities.partitions",
                   kind::integer,
                   "",
                   "The same for the topic of the list of facilities; unset: 3.",
                   {.lowest = 1, .highest = most_partitions}},
                  store_partitions<of_facilities>});
  rows.push_back({{"kafka.topics.facilities.replication_factor",
                   kind::integer,
                   "",
                   "Its copies; unset: one on each broker, at most 3.",
                   {.lowest = 1, .highest = most_copies}},
                  store_replication<of_facilities>});
  rows.push_back({{"kafka.topics.facilities.config", kind::properties, "",
                   "Any settings of topics for it. Usual: cleanup.policy compact."},
                  store_config<of_facilities>});
  rows.push_back({{"kafka.topics.progress.replication_factor",
                   kind::integer,
                   "",
                   "Copies of the progress topic, which has one partition; unset: one on each broker, at most 3.",
                   {.lowest = 1, .highest = most_copies}},
                  store_replication<of_progress>});
  rows.push_back({{"kafka.topics.progress.config", kind::properties, "",
                   "Any settings of topics for it, but cleanup.policy, which is compact."},
                  store_config<of_progress>});
}

}  // namespace

void add_kafka_rows(daemon_rows& rows) {
  rows.push_back({{"kafka.bootstrap_servers",
                   kind::text_list,
                   "",
                   "Brokers to begin with, host:port.",
                   {.env = {"KAFKA_BOOTSTRAP_SERVERS"}, .not_empty = true, .check = check_bootstrap_server}},
                  [](target& c, const setting_value& v) {
                    c.publish.bootstrap_servers = without_blanks(as<std::vector<std::string>>(v));
                  }});
  rows.push_back({{"kafka.properties", kind::properties, "",
                   "Any librdkafka property, passed through, but for those that would break the delivery guarantee. A "
                   "secret one has a `_file` variant (sasl.password_file)."},
                  [](target& c, const setting_value& v) { c.publish.properties = as<property_list>(v); }});
  rows.push_back(
      {{"kafka.token_command",
        kind::secret,
        "",
        "For sasl.mechanism OAUTHBEARER: a command, run by /bin/sh, that prints a token: a JWT, or JSON with "
        "access_token and expires_in.",
        {.check = check_not_empty}},
       [](target& c, const setting_value& v) {
         c.publish.properties.emplace_back("sasl.oauthbearer.config", text(v));
       }});
  rows.push_back({{"kafka.create_topics",
                   kind::choice,
                   "progress",
                   "Which missing topics the daemon makes: all, only its progress topic, or none. Without a "
                   "configuration file: all.",
                   {.choices = {"all", "progress", "none"}}},
                  [](target& c, const setting_value& v) { c.publish.create_topics = parse_topic_creation(text(v)); }});
  add_topic_rows(rows);
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

}  // namespace oes
