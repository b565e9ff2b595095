#include "app/parts.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <set>

#include "app/key_memory.hpp"
#include "app/topic_access.hpp"
#include "async/last_words.hpp"
#include "config/secret_file.hpp"
#include "config/text_checks.hpp"
#include "decode/decode.hpp"
#include "facilities/facility_batches.hpp"
#include "publish/kafka_publisher.hpp"
#include "reader/decode_answer.hpp"
#include "records/facility_records.hpp"
#include "report/chart_sources.hpp"

namespace oes {

bool needs_facilities(const configuration& config, const std::vector<request_group>& groups) {
  return config.facilities.enabled || std::any_of(groups.begin(), groups.end(), [](const request_group& group) {
           return asked_in_batches(group.identity);
         });
}

std::size_t most_facility_bytes(const configuration& config) {
  return std::min(config.fetch.max_body_bytes, config.fetch.max_inflated_bytes);
}

std::vector<wanted_facilities> facilities_wanted(const std::vector<stream_spec>& streams) {
  std::vector<wanted_facilities> wanted;
  for (const auto& stream : streams) {
    if (is_of_facilities(stream)) wanted.push_back({stream.name, stream.net, stream.filter.facility_codes});
  }
  return wanted;
}

std::unique_ptr<source> make_source(const configuration& config, source_surroundings around, disk_worker& disk) {
  key_memory memory;
  memory.known_good = key_worked_before(config.progress_path, around.key.text());
  memory.on_good = [folder = config.progress_path, &key = around.key, &disk] {
    disk.begin([folder, text = key.text()] {
      remember_key(folder, text);
      return result<void>();
    });
  };
  return make_rest_source(config.fetch, {error_text, decode_account, decode_facility_list}, std::move(memory), around);
}

topic_sight topic_sight_of(parts& all) {
  return {all.config, all.groups, all.blocking.get_executor(), all.telling.log};
}

progress_sight progress_sight_of(parts& all) { return {topic_sight_of(all), *all.kafka.store, all.clock}; }

account_access account_access_of(parts& all) {
  return {all.config, all.api.key, all.api.source, all.clock, all.files.credits, all.telling, all.random};
}

void show_configured(parts& all) {
  std::set<member_key> keys;
  for (const auto& group : all.groups) {
    for (const auto& member : group.members) keys.insert(member.key);
  }
  const auto& list = all.config.facilities;
  if (list.enabled) keys.insert(facility_list_key(list.topic));
  std::erase_if(all.telling.board.members, [&](const auto& one) { return !keys.contains(one.first); });
  for (const auto& group : all.groups) all.telling.report.configured(group);
  if (list.enabled) all.telling.report.list_configured(list.topic);
  all.telling.page.chart.follow(chart_sources(all.groups));
}

api_key make_api_key(const configuration& config) {
  if (config.fetch.api_key_file.empty()) return api_key(config.fetch.api_key);
  return api_key(config.fetch.api_key, [file = config.fetch.api_key_file]() -> key_in_file {
    auto found = read_secret_file(file);
    if (found.problem.empty()) found.problem = check_api_key(found.text);
    return {std::move(found.text), std::move(found.problem)};
  });
}

namespace {

// A write that came late is told too, not only with the next commit.
disk_worker::listener mirror_listener(parts& all) {
  return [&all](const result<void>& written) {
    boost::asio::post(all.loop, [&all, written] {
      const error why = written ? error{} : written.error();
      all.telling.report.mirrored(written ? nullptr : &why);
    });
  };
}

// They are the last that need the others, and the first that go.
kafka_parts make_kafka_parts(parts& all) {
  const auto& settings = all.config.publish;
  auto producers = std::make_shared<producer_watch>();
  auto to = make_kafka_publisher(settings, all.instance.id, all.loop.get_executor(), all.blocking.get_executor(),
                                 all.telling.log, producers);
  auto store = make_kafka_progress_store(progress_settings_of(all.config), all.blocking.get_executor(), all.telling.log,
                                         mirror_listener(all));
  return {std::move(producers), std::move(to), std::move(store)};
}

}  // namespace

source_parts::source_parts(const configuration& config, time_source& clock, logger& log, disk_worker& key_file)
    : key(make_api_key(config)),
      secrets({key.text()}),
      source(make_source(config, {key, clock, log, secrets}, key_file)) {
  key.on_change([this](const std::string& other) { secrets.add(other); });
}

parts::parts(configuration settings)
    : config(std::move(settings)),
      instance(make_instance_name()),
      clock(config.test_clock ? time_source(*config.test_clock) : time_source()),
      telling(config, instance, clock),
      crashes(config.progress_path, telling.log),
      groups(make_groups(config.streams)),
      facilities(loop.get_executor(), most_facility_bytes(config)),
      api(config, clock, telling.log, files.key),
      kafka(make_kafka_parts(*this)),
      state{.stop = event(loop.get_executor())},
      random(std::random_device{}()),
      on_failure([this](std::string_view who, const std::exception_ptr& thrown) {
        telling.log.flush();  // what led to it
        crashes.end(who, thrown);
      }) {
  say_last_words_as(config.telemetry.log_format == "json" ? words_form::json : words_form::text);
  show_configured(*this);
}

}  // namespace oes
