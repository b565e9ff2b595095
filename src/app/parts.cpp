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
#include "kafka/kafka_version.hpp"
#include "model/version.hpp"
#include "publish/kafka_publisher.hpp"
#include "reader/decode_answer.hpp"
#include "records/facility_records.hpp"
#include "report/chart_sources.hpp"

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

topic_sight topic_sight_of(parts& all) { return {all.config, all.groups, all.blocking.get_executor(), all.log}; }

progress_sight progress_sight_of(parts& all) { return {topic_sight_of(all), *all.store, all.clock}; }

account_access account_access_of(parts& all) {
  return {all.config, all.key, all.from, all.clock, all.files.credits, all.board, all.report, all.log, all.random};
}

void show_configured(parts& all) {
  std::set<member_key> keys;
  for (const auto& group : all.groups) {
    for (const auto& member : group.members) keys.insert(member.key);
  }
  const auto& list = all.config.facilities;
  if (list.enabled) keys.insert(facility_list_key(list.topic));
  std::erase_if(all.board.members, [&](const auto& one) { return !keys.contains(one.first); });
  for (const auto& group : all.groups) all.report.configured(group);
  if (list.enabled) all.report.list_configured(list.topic);
  all.page.chart.follow(chart_sources(all.groups));
}

api_key make_api_key(const configuration& config) {
  if (config.fetch.api_key_file.empty()) return api_key(config.fetch.api_key);
  return api_key(config.fetch.api_key, [file = config.fetch.api_key_file]() -> std::optional<std::string> {
    auto found = read_secret_file(file);
    if (!found.problem.empty() || !check_api_key(found.text).empty()) return std::nullopt;
    return std::move(found.text);
  });
}

namespace {

// A write that came late is told too, not only with the next commit.
disk_worker::listener mirror_listener(parts& all) {
  return [&all](const result<void>& written) {
    boost::asio::post(all.loop, [&all, written] {
      const error why = written ? error{} : written.error();
      all.report.mirrored(written ? nullptr : &why);
    });
  };
}

}  // namespace

parts::parts(configuration settings)
    : config(std::move(settings)),
      instance(make_instance_name()),
      log(config.telemetry),
      numbers(config.publish.deployment),
      clock(config.test_clock ? time_source(*config.test_clock) : time_source()),
      crashes(config.progress_path, log),
      board(first_status(config, instance, clock)),
      report(log, numbers, board, clock),
      groups(make_groups(config.streams)),
      facilities(loop.get_executor(), most_facility_bytes(config)),
      key(make_api_key(config)),
      secrets({key.text()}),
      from(make_source(config, {key, clock, log, secrets}, files.key)),
      producers(std::make_shared<producer_watch>()),
      to(make_kafka_publisher(config.publish, instance.id, loop.get_executor(), blocking.get_executor(), log,
                              producers)),
      store(make_kafka_progress_store(progress_settings_of(config), blocking.get_executor(), log,
                                      mirror_listener(*this))),
      stop(loop.get_executor()),
      random(std::random_device{}()),
      on_failure([this](std::string_view who, const std::exception_ptr& thrown) {
        log.flush();  // what led to it
        crashes.end(who, thrown);
      }) {
  say_last_words_as(config.telemetry.log_format == "json" ? words_form::json : words_form::text);
  board.page = &page;
  report.draw_on(page.chart);
  show_configured(*this);
  key.on_change([this](const std::string& other) { secrets.add(other); });
}

}  // namespace oes
