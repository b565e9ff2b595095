#include "app/newest_records.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>

#include "async/blocking.hpp"
#include "async/clock.hpp"
#include "avro/frame.hpp"
#include "model/interval.hpp"
#include "model/network.hpp"
#include "verify/record_identity.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

// The second look is for topics that others write too.
constexpr std::int64_t far_back[] = {500, 100'000};
constexpr auto patience_with_topics = std::chrono::seconds(15);
constexpr auto settling = std::chrono::seconds(5);
constexpr auto between_measures = std::chrono::milliseconds(200);

struct avro_record {
  std::int32_t schema_id = 0;
  std::string body;
};

// Of each partition.
struct newest_forms {
  std::map<std::int32_t, record_format> all;
  std::map<std::int32_t, std::optional<avro_record>> own;  // none: JSON
};
using forms_by_topic = std::map<std::string, newest_forms>;

bool is_own(std::string_view key, const std::vector<record_identity>& own) {
  if (own.empty()) return true;
  const auto whose = identity_of_record(key, "");
  return whose && std::any_of(own.begin(), own.end(), [&](const auto& series) { return whose->agrees(series); });
}

topic_extents last_of(topic_extents extents, std::int64_t count) {
  for (auto& [topic, extent] : extents) {
    for (auto& one : extent.partitions) one.begin = std::max(one.begin, one.end - count);
  }
  return extents;
}

result<forms_by_topic> scan(const progress_settings& settings, const topic_extents& extents,
                            const own_series_by_topic& topics, steady_time deadline, logger& log) {
  forms_by_topic out;
  const scan_watch watch{[&](const scanned_record& record) {
                           if (record.value.empty() || !is_key_of_ours(record.key)) return;
                           const auto frame = avro::split_frame(record.value);
                           auto& found = out[record.topic];
                           found.all[record.partition] = frame ? record_format::avro : record_format::json;
                           if (!is_own(record.key, topics.at(record.topic))) return;
                           auto& own = found.own[record.partition];
                           own.reset();
                           if (frame) own = {frame->schema_id, std::string(frame->body)};
                         },
                         [](auto, auto) {}, [deadline] { return steady_now() < deadline; }};
  const auto read = scan_topics(settings, isolation_level::read_uncommitted, extents, watch, log);
  if (!read && read.error().code == errc::stopped) {
    return error{errc::kafka_unavailable, "the newest records could not be read in time"};
  }
  if (!read) return read.error();
  return out;
}

newest_records sum_of(const newest_forms& found) {
  newest_records out;
  for (const auto& [partition, format] : found.all) {
    (format == record_format::avro ? out.avro : out.json) = true;
  }
  for (const auto& [partition, newest] : found.own) {
    if (newest) out.own[newest->schema_id].push_back(newest->body);
  }
  return out;
}

// `extents` loses the topics that are told.
void read_back(const progress_settings& settings, std::int64_t count, topic_extents& extents,
               const own_series_by_topic& topics, steady_time deadline, newest_by_topic& out, logger& log) {
  while (!extents.empty()) {
    const auto found = scan(settings, last_of(extents, count), topics, deadline, log);
    if (found) {
      for (const auto& [topic, newest] : *found) {
        out.insert_or_assign(topic, sum_of(newest));
        if (!newest.own.empty()) extents.erase(topic);  // else those may lie farther back
      }
      return;
    }
    const auto& why = found.error();
    if (why.topic.empty()) {
      for (const auto& [topic, extent] : extents)
        out.insert_or_assign(topic, error{why.code, "topic " + topic + " cannot be looked at: " + why.context});
      extents.clear();
      return;
    }
    out.insert_or_assign(why.topic, why);
    extents.erase(why.topic);
  }
}

// A topic that was made just now has no leader for a moment.
result<topic_extents> measure(const progress_settings& settings, const std::vector<std::string>& topics, logger& log) {
  const auto deadline = steady_now() + settling;
  while (true) {
    auto extents = measure_topics(settings, topics, log);
    if (extents || extents.error().code != errc::kafka_unavailable || steady_now() > deadline) return extents;
    hold_thread(between_measures);
  }
}

}  // namespace

bool is_key_of_ours(std::string_view key) {
  constexpr std::string_view of_facility = "v1|facility|";
  if (key.starts_with(of_facility)) return true;
  const auto known = identity_of_record(key, "");
  return known && parse_network(known->network) && parse_interval_size(known->interval);
}

std::vector<record_identity> own_series(const std::vector<request_group>& groups, const std::string& topic) {
  std::vector<record_identity> out;
  for (const auto& group : groups) {
    for (const auto& member : group.members) {
      if (member.options.topic == topic) out.push_back(identity_of_series(group.identity, member.metric()));
    }
  }
  return out;
}

newest_by_topic look_at_newest(const progress_settings& settings, const own_series_by_topic& topics, logger& log) {
  newest_by_topic out;
  std::vector<std::string> names;
  for (const auto& [topic, own] : topics) names.push_back(topic);
  auto extents = measure(settings, names, log);
  for (const auto& topic : names) {
    if (extents) out.emplace(topic, newest_records{});
    if (!extents) out.emplace(topic, extents.error());
  }
  if (!extents) return out;
  const auto deadline = steady_now() + patience_with_topics;
  for (const auto count : far_back) read_back(settings, count, *extents, topics, deadline, out, log);
  return out;
}

asio::awaitable<newest_by_topic> look_at_newest_on_thread(progress_settings settings, telemetry_settings telemetry,
                                                          own_series_by_topic topics) {
  telemetry.log_level = "error";
  auto found = std::make_shared<newest_by_topic>();  // with the thread, which may come to no end
  auto work = [found, settings = std::move(settings), topics, telemetry = std::move(telemetry)] {
    logger own(telemetry);  // the thread may outlive the daemon's
    *found = look_at_newest(settings, topics, own);
  };
  auto looking = run_on_own_thread(std::move(work), steady_after(2 * patience_with_topics));
  const auto ended = co_await std::move(looking);
  if (ended == wait_end::done) co_return std::move(*found);
  newest_by_topic out;
  const auto code = ended == wait_end::cancelled ? errc::stopped : errc::kafka_unavailable;
  for (const auto& [topic, own] : topics)
    out.emplace(topic, error{code, "topic " + topic + " could not be looked at in time"});
  co_return out;
}

}  // namespace oes
