#include "app/newest_records.hpp"

#include <algorithm>
#include <boost/asio/thread_pool.hpp>
#include <map>
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
constexpr auto patience = std::chrono::seconds(15);

struct record_form {
  std::optional<std::int32_t> schema;  ///< none: JSON
};

using forms_by_partition = std::map<std::int32_t, record_form>;

topic_extents last_of(topic_extents extents, std::int64_t count) {
  for (auto& [topic, extent] : extents) {
    for (auto& one : extent.partitions) one.begin = std::max(one.begin, one.end - count);
  }
  return extents;
}

result<forms_by_partition> scan(const progress_settings& settings, const topic_extents& extents, logger& log) {
  forms_by_partition out;
  const auto deadline = steady_now() + patience;
  const scan_watch watch{[&out](const scanned_record& record) {
                           if (record.value.empty() || !is_key_of_ours(record.key)) return;
                           const auto frame = avro::split_frame(record.value);
                           out[record.partition] = {frame ? std::optional(frame->schema_id) : std::nullopt};
                         },
                         [](auto, auto) {}, [deadline] { return steady_now() < deadline; }};
  const auto read = scan_topics(settings, settings.level, extents, watch, log);
  if (!read && read.error().code == errc::stopped) {
    return error{errc::kafka_unavailable, "its newest records could not be read in time"};
  }
  if (!read) return read.error();
  return out;
}

}  // namespace

bool is_key_of_ours(std::string_view key) {
  constexpr std::string_view of_facility = "v1|facility|";
  if (key.starts_with(of_facility)) return true;
  const auto known = identity_of_record(key, "");
  return known && parse_network(known->network) && parse_interval_size(known->interval);
}

result<newest_records> look_at_newest(const progress_settings& settings, const std::string& topic, logger& log) {
  const auto extents = measure_topics(settings, {topic}, log);
  if (!extents) return error{extents.error().code, "topic " + topic + ": " + extents.error().context};
  forms_by_partition forms;
  for (const auto count : far_back) {
    auto found = scan(settings, last_of(*extents, count), log);
    if (!found) return error{found.error().code, "topic " + topic + ": " + found.error().context};
    forms = std::move(*found);
    if (!forms.empty()) break;
  }
  newest_records out;
  for (const auto& [partition, form] : forms) {
    if (form.schema) out.schemas.insert(*form.schema);
    if (!form.schema) out.json = true;
  }
  return out;
}

asio::awaitable<result<newest_records>> look_at_newest_on_thread(progress_settings settings, std::string topic,
                                                                 logger& log) {
  asio::thread_pool thread(1);
  std::function<result<newest_records>()> work = [&settings, &topic, &log] {
    return look_at_newest(settings, topic, log);
  };
  auto looking = run_blocking(thread.get_executor(), std::move(work));
  auto found = co_await std::move(looking);
  thread.join();
  co_return found;
}

}  // namespace oes
