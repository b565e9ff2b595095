#include "app/topic_schemas.hpp"

#include <algorithm>
#include <utility>

#include "app/parts.hpp"
#include "app/schema_refusals.hpp"
#include "async/blocking.hpp"
#include "async/race.hpp"
#include "progress/sha256.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

constexpr auto look_again_every = std::chrono::seconds(15);
constexpr auto patience_with_the_file = std::chrono::seconds(10);
constexpr auto subject_of_trouble = "schema registry";

}  // namespace

void topic_schemas::begin(const std::map<member_key, member_progress>& members) {
  auto wanted = topic_formats(all_.config, all_.groups);
  const bool other_registry = all_.config.registry != asked_;
  if (!client_ || other_registry) {
    asked_ = all_.config.registry;
    client_ = std::make_shared<registry_client>(asked_);
  }
  if (other_registry) admitted_.clear();
  const auto is_the_same = [&](const std::string& topic) {
    const auto before = wanted_.find(topic);
    const auto now = wanted.find(topic);
    return before != wanted_.end() && now != wanted.end() && before->second.format == now->second.format;
  };
  std::erase_if(admitted_, [&](const auto& one) { return !is_the_same(one.first); });
  std::erase_if(seen_, [&](const auto& one) { return !one.second || !is_the_same(one.first); });
  held_.clear();
  wrote_there_.clear();
  for (const auto& group : all_.groups) {
    for (const auto& member : group.members) {
      const auto known = members.find(member.key);
      if (known == members.end() || !has_published(known->second)) continue;
      const bool avro = member.options.format == record_format::avro;
      if (is_of_avro(known->second.identity) == avro) wrote_there_.insert(member.options.topic);
    }
  }
  knows_avro_ = knows_avro(wanted, members);
  wanted_ = std::move(wanted);
}

// A deployment that has never known Avro looks only where it has not published itself: there another one may write.
bool topic_schemas::must_look(const std::string& topic, const topic_format& wanted) const {
  const bool may_be_avro = wanted.format == record_format::avro || knows_avro_ || (memory_ && memory_->contains(topic));
  return may_be_avro || !wrote_there_.contains(topic);
}

asio::awaitable<void> topic_schemas::admit_all(committer& to, event& tap) {
  auto admitting = admit_each(to);
  auto closing = tap.wait();
  auto racing = race(std::move(admitting), std::move(closing));
  const auto first = co_await std::move(racing);
  static_cast<void>(first);
  away_.reset();
}

asio::awaitable<void> topic_schemas::admit_each(committer& to) {
  co_await read_memory();
  own_series_by_topic unseen;
  for (const auto& [topic, wanted] : wanted_) {
    if (must_look(topic, wanted) && !seen_.contains(topic)) unseen.emplace(topic, own_series(all_.groups, topic));
  }
  auto looking = look_at(std::move(unseen));
  const auto looked = co_await std::move(looking);
  if (!looked) co_return;
  away_.reset();
  for (const auto& [topic, wanted] : std::map(wanted_)) {
    if (!must_look(topic, wanted)) continue;
    auto asking = admit(topic);
    const auto allowed = co_await std::move(asking);
    if (!allowed && allowed.error().code == errc::stopped) co_return;
    if (allowed && apart_.erase(topic) > 0) to.apart().takes_again(topic, all_.clock.run());
    // The list of facilities asks again itself.
    if (!allowed && wanted.kind == record_kind::point) set_apart(to, topic, allowed.error());
  }
  for (const auto& group : all_.groups) all_.report.apart(group, to.apart());
}

void topic_schemas::set_apart(committer& to, const std::string& topic, const error& why) {
  to.apart().refused(topic, why.context, all_.clock.run());
  apart_.insert(topic);
  for (const auto& group : all_.groups) {
    const bool concerned = std::any_of(group.members.begin(), group.members.end(),
                                       [&](const auto& one) { return one.options.topic == topic; });
    if (concerned) all_.report.topic_held_back(group, topic, why.context);
  }
}

asio::awaitable<result<void>> topic_schemas::look_at(own_series_by_topic topics) {
  if (topics.empty()) co_return result<void>();
  auto looking = look_at_newest_on_thread(progress_settings_of(all_.config), all_.config.telemetry, std::move(topics));
  auto found = co_await std::move(looking);
  for (auto& [topic, one] : found) {
    if (!one && one.error().code == errc::stopped) co_return one.error();
    seen_.insert_or_assign(topic, std::move(one));
  }
  co_return result<void>();
}

asio::awaitable<result<void>> topic_schemas::would_fit(const configuration& config,
                                                       const std::vector<request_group>& groups) {
  const auto wanted = topic_formats(config, groups);
  own_series_by_topic others;
  for (const auto& [topic, one] : wanted) {
    const auto before = wanted_.find(topic);
    const bool same = before != wanted_.end() && before->second.format == one.format && !held_.contains(topic);
    if (!same) others.emplace(topic, own_series(groups, topic));
  }
  if (others.empty()) co_return result<void>();
  auto looking = look_at_newest_on_thread(progress_settings_of(config), config.telemetry, std::move(others));
  const auto found = co_await std::move(looking);
  for (const auto& [topic, one] : found) {
    const auto& as = wanted.at(topic);
    const bool may_go_unread = as.format == record_format::json && !knows_avro_;
    if (!one && one.error().code == errc::kafka_refused && may_go_unread) continue;
    if (!one && one.error().code == errc::kafka_refused) co_return must_be_read(one.error());
    if (!one) co_return error{errc::kafka_unavailable, one.error().context};
    if (is_other(*one, as.format)) co_return holds_the_other(topic, as.format);
  }
  co_return result<void>();
}

topic_schemas_port topic_schemas::port() {
  return {[this](const std::string& topic) -> std::optional<error> {
            const auto held = held_.find(topic);
            if (held != held_.end()) return held->second;
            const auto known = wanted_.find(topic);
            const bool avro = known != wanted_.end() && known->second.format == record_format::avro;
            if (!avro || admitted_.contains(topic)) return std::nullopt;
            return error{errc::not_yet, "topic " + topic + ": its schema is not known"};
          },
          [this](const std::string& topic) {
            const auto known = admitted_.find(topic);
            return known == admitted_.end() ? 0 : known->second.id;
          },
          [this](std::string topic) {
            away_.reset();
            return admit(std::move(topic));
          }};
}

asio::awaitable<result<void>> topic_schemas::admit(std::string topic) {
  const auto found = wanted_.find(topic);
  if (found == wanted_.end()) co_return result<void>();
  const auto known = admitted_.find(topic);
  if (known != admitted_.end() && known->second.confirmed) {
    held_.erase(topic);
    co_return result<void>();
  }
  if (!asking_.insert(topic).second) {
    co_return error{errc::not_yet, "topic " + topic + ": its records and its schema are being looked at"};
  }
  const std::unique_ptr<const std::string, std::function<void(const std::string*)>> asked(
      &topic, [this](const std::string* one) { asking_.erase(*one); });
  const topic_format wanted = found->second;
  const auto client = client_;
  held_.emplace(topic, error{errc::not_yet, "topic " + topic + ": its records and its schema are being looked at"});
  auto asking = ask_about(topic, wanted);
  auto answered = co_await std::move(asking);
  if (client != client_) co_return error{errc::not_yet, "the configuration of the schema registry was changed"};
  if (answered) {
    held_.erase(topic);
  } else {
    held_.insert_or_assign(topic, answered.error());
  }
  co_return answered;
}

asio::awaitable<result<void>> topic_schemas::ask_about(const std::string& topic, const topic_format& wanted) {
  const auto before = seen_.find(topic);
  if (before == seen_.end() || !before->second) {
    auto looking = look_at({{topic, own_series(all_.groups, topic)}});
    const auto looked = co_await std::move(looking);
    if (!looked) co_return looked;
  }
  const auto there = schemas_in(topic, wanted);
  if (!there) co_return there.error();
  if (wanted.format == record_format::json) co_return result<void>();
  auto checking = check_schema(topic, wanted, *there);
  const auto checked = co_await std::move(checking);
  co_return checked;
}

// By what of Avro is in the topic. Who may not read it is believed where there is nothing to doubt.
result<std::set<std::int32_t>> topic_schemas::schemas_in(const std::string& topic, const topic_format& wanted) const {
  const auto seen = seen_.find(topic);
  if (seen == seen_.end()) return std::set<std::int32_t>();
  if (seen->second) {
    if (is_other(*seen->second, wanted.format)) return holds_the_other(topic, wanted.format);
    return seen->second->own_schemas;
  }
  const auto& why = seen->second.error();
  if (why.code != errc::kafka_refused) return why;
  const bool was_never_avro = wanted.format == record_format::json && !knows_avro_;
  if (was_never_avro || wrote_there_.contains(topic)) return std::set<std::int32_t>();
  return must_be_read(why);
}

asio::awaitable<result<void>> topic_schemas::check_schema(const std::string& topic, const topic_format& wanted,
                                                          const std::set<std::int32_t>& written_with) {
  const auto client = client_;
  const auto schema = avro_schema(wanted.kind);
  if (away_) co_return go_on_without(topic, schema, *away_);
  auto looking = client->find(subject_of(topic), schema);
  auto found = co_await std::move(looking);
  if (client != client_) co_return error{errc::not_yet, "the configuration of the schema registry was changed"};
  if (!found && found.error().code == errc::rejected) co_return schema_refused(found.error().context);
  if (!found) co_return go_on_without(topic, schema, found.error());
  all_.report.lesser(subject_of_trouble, nullptr);
  auto others = written_with;
  if (*found) others.erase(**found);
  auto checking = check_written(*client, topic, wanted, others);
  auto checked = co_await std::move(checking);
  if (client != client_) co_return error{errc::not_yet, "the configuration of the schema registry was changed"};
  if (!checked) co_return checked;
  if (!*found && !asked_.auto_register) co_return not_registered(topic, wanted.kind, shown_address(asked_));
  if (!*found) {
    auto adding = client->add(subject_of(topic), schema);
    auto added = co_await std::move(adding);
    if (client != client_) co_return error{errc::not_yet, "the configuration of the schema registry was changed"};
    if (!added && added.error().code == errc::rejected) {
      co_return schema_refused("the schema of topic " + topic + " is refused: " + added.error().context);
    }
    if (!added) co_return added.error();
    *found = *added;
    all_.log.info("the schema of a topic was registered",
                  {{"topic", topic}, {"subject", subject_of(topic)}, {"id", **found}});
  }
  admitted_[topic] = {**found, true};
  remember(topic, **found, schema);
  co_return result<void>();
}

// Readers of what lies in the topic must find its schemas.
asio::awaitable<result<void>> topic_schemas::check_written(registry_client& client, const std::string& topic,
                                                           const topic_format& wanted,
                                                           const std::set<std::int32_t>& written_with) {
  for (const auto id : written_with) {
    auto asking = client.schema_of(id);
    auto text = co_await std::move(asking);
    if (!text) co_return text.error();
    if (!*text) co_return unknown_id(topic, id, shown_address(asked_));
    if (!is_schema_of(**text, wanted.kind)) co_return foreign_id(topic, id, shown_address(asked_));
  }
  co_return result<void>();
}

result<void> topic_schemas::go_on_without(const std::string& topic, const std::string& schema, const error& away) {
  if (away.code == errc::stopped) return away;
  if (!away_) away_ = error(away);  // it is not asked about each topic in turn
  all_.report.lesser(subject_of_trouble, &away);
  const auto before = memory_ ? memory_->find(topic) : schema_memory::iterator();
  const bool remembered = memory_ && before != memory_->end() && before->second.sha256 == sha256_hex(schema) &&
                          before->second.registry == shown_address(asked_);
  if (!remembered) return error{away.code, away.context + "; the schema's id is not known from before"};
  admitted_[topic] = {before->second.id, false};
  return {};
}

void topic_schemas::remember(const std::string& topic, std::int32_t id, const std::string& schema) {
  if (!memory_) memory_.emplace();
  const remembered_schema one{id, sha256_hex(schema), shown_address(asked_)};
  auto& known = (*memory_)[topic];
  if (known == one) return;
  known = one;
  all_.files.schemas.begin([folder = all_.config.progress_path, memory = *memory_, &log = all_.log] {
    auto written = write_schema_memory(folder, memory);
    if (!written) log.warn("schemas.json cannot be written; going on", {{"reason", written.error().context}});
    return written;
  });
}

asio::awaitable<void> topic_schemas::read_memory() {
  if (memory_) co_return;
  // Shared with the thread, which a disk that stalls may hold up.
  auto found = std::make_shared<result<schema_memory>>(error{errc::damaged, "schemas.json was not read in time"});
  auto work = [folder = all_.config.progress_path, found] { *found = read_schema_memory(folder); };
  auto reading = run_on_own_thread(std::move(work), steady_now() + patience_with_the_file);
  const auto ended = co_await std::move(reading);
  if (ended == wait_end::done && *found) {
    memory_ = std::move(**found);
    co_return;
  }
  const auto why = ended == wait_end::done ? found->error().context : "schemas.json was not read in time";
  all_.log.warn("what is remembered of schemas is not used; going on", {{"reason", why}});
  memory_.emplace();
}

asio::awaitable<result<void>> topic_schemas::confirm(std::string topic) {
  const auto client = client_;
  const auto known = admitted_.find(topic);
  const auto wanted = wanted_.find(topic);
  if (known == admitted_.end() || wanted == wanted_.end()) co_return result<void>();
  const auto id = known->second.id;
  const auto kind = wanted->second.kind;
  auto asking = client->schema_of(id);
  auto text = co_await std::move(asking);
  if (client != client_) co_return result<void>();
  if (!text && text.error().code == errc::stopped) co_return result<void>();
  if (!text) {
    const error away = text.error();
    all_.report.lesser(subject_of_trouble, &away);
    co_return result<void>();
  }
  all_.report.lesser(subject_of_trouble, nullptr);
  const auto again = admitted_.find(topic);
  if (again == admitted_.end() || again->second.id != id) co_return result<void>();
  if (*text && is_our_schema(**text, kind)) {
    again->second.confirmed = true;
    co_return result<void>();
  }
  admitted_.erase(again);
  auto why = *text ? foreign_id(topic, id, shown_address(asked_)) : unknown_id(topic, id, shown_address(asked_));
  held_.insert_or_assign(topic, why);
  co_return why;
}

asio::awaitable<void> topic_schemas::watch(committer& to, event& tap) {
  while (true) {
    const bool over = co_await tap.wait_for(look_again_every);
    if (over) co_return;
    for (const auto& [topic, known] : std::map(admitted_)) {
      auto confirming = confirm(topic);
      auto closing = tap.wait();
      auto racing = race(std::move(confirming), std::move(closing));
      auto first = co_await std::move(racing);
      if (first.index() == 1) co_return;
      const auto& holds = std::get<0>(first);
      if (holds) continue;
      to.apart().refused(topic, holds.error().context, all_.clock.run());
      apart_.insert(topic);
      for (const auto& group : all_.groups) all_.report.apart(group, to.apart());
      all_.log.warn("a topic may not be written any more: its streams are set apart, the others go on",
                    {{"topic", topic}, {"reason", holds.error().context}});
    }
  }
}

}  // namespace oes
