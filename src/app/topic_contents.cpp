#include "app/topic_contents.hpp"

#include <utility>

#include "app/schema_refusals.hpp"
#include "app/topic_access.hpp"

namespace oes {

namespace asio = boost::asio;

void topic_contents::begin(const formats_by_topic& wanted, const std::map<member_key, member_progress>& members,
                           const std::function<bool(const std::string&)>& same) {
  std::erase_if(seen_, [&](const auto& one) { return !one.second || !same(one.first); });
  knows_avro_ = knows_avro(wanted, members);
  wrote_there_.clear();
  for (const auto& group : groups_) {
    for (const auto& member : group.members) {
      const auto known = members.find(member.key);
      if (known == members.end() || !has_published(known->second)) continue;
      const bool avro = member.options.format == record_format::avro;
      if (is_of_avro(known->second.identity) == avro) wrote_there_.insert(member.options.topic);
    }
  }
}

asio::awaitable<result<void>> topic_contents::look_at_all(formats_by_topic must_be_known) {
  own_series_by_topic unseen;
  for (const auto& [topic, wanted] : must_be_known) {
    if (!seen_.contains(topic)) unseen.emplace(topic, own_series(groups_, topic));
  }
  auto looking = look(std::move(unseen));
  const auto looked = co_await std::move(looking);
  co_return looked;
}

asio::awaitable<result<void>> topic_contents::look_at(std::string topic) {
  const auto before = seen_.find(topic);
  if (before != seen_.end() && before->second) co_return result<void>();
  own_series_by_topic one;
  one.emplace(topic, own_series(groups_, topic));
  auto looking = look(std::move(one));
  const auto looked = co_await std::move(looking);
  co_return looked;
}

asio::awaitable<result<void>> topic_contents::look(own_series_by_topic topics) {
  if (topics.empty()) co_return result<void>();
  auto looking = look_at_newest_on_thread(progress_settings_of(config_), config_.telemetry, std::move(topics));
  auto found = co_await std::move(looking);
  for (auto& [topic, one] : found) {
    if (!one && one.error().code == errc::stopped) co_return one.error();
    seen_.insert_or_assign(topic, std::move(one));
  }
  co_return result<void>();
}

// Who may not read a topic is believed where there is nothing to doubt.
result<std::optional<written_records>> topic_contents::written_in(const std::string& topic,
                                                                  const topic_format& wanted) const {
  const auto seen = seen_.find(topic);
  if (seen == seen_.end()) return std::optional(written_records());
  if (seen->second) {
    if (is_other(*seen->second, wanted.format)) return holds_the_other(topic, wanted.format);
    return std::optional(seen->second->own);
  }
  const auto& why = seen->second.error();
  if (why.code != errc::kafka_refused) return why;
  const bool was_never_avro = wanted.format == record_format::json && !knows_avro_;
  if (was_never_avro || wrote_there_.contains(topic)) return std::optional<written_records>();
  return must_be_read(why);
}

asio::awaitable<result<void>> topic_contents::would_fit(const configuration& config,
                                                        const std::vector<request_group>& groups,
                                                        formats_by_topic others) const {
  own_series_by_topic topics;
  for (const auto& [topic, wanted] : others) topics.emplace(topic, own_series(groups, topic));
  if (topics.empty()) co_return result<void>();
  auto looking = look_at_newest_on_thread(progress_settings_of(config), config.telemetry, std::move(topics));
  const auto found = co_await std::move(looking);
  for (const auto& [topic, one] : found) {
    const auto& as = others.at(topic);
    const bool may_go_unread = as.format == record_format::json && !knows_avro_;
    if (!one && one.error().code == errc::kafka_refused && may_go_unread) continue;
    if (!one && one.error().code == errc::kafka_refused) co_return must_be_read(one.error());
    if (!one) co_return error{errc::kafka_unavailable, one.error().context};
    if (is_other(*one, as.format)) co_return holds_the_other(topic, as.format);
  }
  co_return result<void>();
}

}  // namespace oes
