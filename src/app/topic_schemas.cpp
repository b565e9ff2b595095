#include "app/topic_schemas.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "async/race.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

constexpr auto look_again_every = std::chrono::seconds(15);

error being_looked_at(const std::string& topic) {
  return {errc::not_yet, "topic " + topic + ": its records and its schema are being looked at"};
}

bool writes_to(const request_group& group, const std::string& topic) {
  return std::any_of(group.members.begin(), group.members.end(),
                     [&](const auto& one) { return one.options.topic == topic; });
}

}  // namespace

void topic_schemas::begin(const std::map<member_key, member_progress>& members) {
  auto wanted = topic_formats(around_.config, around_.groups);
  if (ids_.begin()) admitted_.clear();
  const auto same = [&](const std::string& topic) {
    const auto before = wanted_.find(topic);
    const auto now = wanted.find(topic);
    return before != wanted_.end() && now != wanted.end() && before->second.format == now->second.format;
  };
  std::erase_if(admitted_, [&](const auto& one) { return !same(one.first); });
  contents_.begin(wanted, members, same);
  held_.clear();
  wanted_ = std::move(wanted);
}

void topic_schemas::begin_term() {
  admitted_.clear();
  contents_.forget_all();
}

bool topic_schemas::must_be_known(const std::string& topic, const topic_format& wanted) const {
  return wanted.format == record_format::avro || ids_.remembers(topic) || contents_.must_be_known(topic);
}

bool topic_schemas::is_confirmed(const std::string& topic) const {
  const auto known = admitted_.find(topic);
  return known != admitted_.end() && known->second.confirmed;
}

asio::awaitable<void> topic_schemas::admit_all(committer& to, event& tap) {
  auto admitting = admit_each(to);
  auto closing = tap.wait();
  auto racing = race(std::move(admitting), std::move(closing));
  const auto first = co_await std::move(racing);
  static_cast<void>(first);
  ids_.ask_again();
}

asio::awaitable<void> topic_schemas::admit_each(committer& to) {
  co_await ids_.read_memory();
  auto unknown = wanted_;
  std::erase_if(unknown, [&](const auto& one) { return !must_be_known(one.first, one.second); });
  auto unseen = unknown;
  std::erase_if(unseen, [&](const auto& one) { return is_confirmed(one.first); });
  auto looking = contents_.look_at_all(std::move(unseen));
  const auto looked = co_await std::move(looking);
  if (!looked) co_return;
  ids_.ask_again();
  for (const auto& [topic, wanted] : unknown) {
    auto asking = admit(topic);
    const auto allowed = co_await std::move(asking);
    if (!allowed && allowed.error().code == errc::stopped) co_return;
    if (allowed && apart_.erase(topic) > 0) to.apart().takes_again(topic, around_.clock.run());
    // The list of facilities asks again itself.
    if (!allowed && wanted.kind == record_kind::point) set_apart(to, topic, allowed.error());
  }
  for (const auto& group : around_.groups) around_.report.apart(group, to.apart());
}

void topic_schemas::set_apart(committer& to, const std::string& topic, const error& why) {
  to.apart().refused(topic, why.context, around_.clock.run());
  apart_.insert(topic);
  for (const auto& group : around_.groups) {
    if (writes_to(group, topic)) around_.report.topic_not_admitted(group, topic, why.context);
  }
}

asio::awaitable<result<void>> topic_schemas::would_fit(const configuration& config,
                                                       const std::vector<request_group>& groups) {
  auto others = topic_formats(config, groups);
  std::erase_if(others, [&](const auto& one) {
    const auto before = wanted_.find(one.first);
    return before != wanted_.end() && before->second.format == one.second.format && !held_.contains(one.first);
  });
  auto looking = contents_.would_fit(config, groups, std::move(others));
  auto fits = co_await std::move(looking);
  co_return fits;
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
            ids_.ask_again();
            return admit(std::move(topic));
          }};
}

asio::awaitable<result<void>> topic_schemas::admit(std::string topic) {
  const auto found = wanted_.find(topic);
  if (found == wanted_.end()) co_return result<void>();
  if (is_confirmed(topic)) {
    held_.erase(topic);
    co_return result<void>();
  }
  if (!asking_.insert(topic).second) co_return being_looked_at(topic);
  const std::unique_ptr<const std::string, std::function<void(const std::string*)>> asked(
      &topic, [this](const std::string* one) { asking_.erase(*one); });
  held_.emplace(topic, being_looked_at(topic));
  const auto begun = ids_.generation();
  auto asking = ask_about(topic, found->second);
  auto answered = co_await std::move(asking);
  if (begun != ids_.generation()) co_return schema_ids::other_registry();
  if (answered) {
    held_.erase(topic);
  } else {
    held_.insert_or_assign(topic, answered.error());
  }
  co_return answered;
}

asio::awaitable<result<void>> topic_schemas::ask_about(std::string topic, topic_format wanted) {
  auto looking = contents_.look_at(topic);
  const auto looked = co_await std::move(looking);
  if (!looked) co_return looked;
  auto there = contents_.written_in(topic, wanted);
  if (!there) co_return there.error();
  if (wanted.format == record_format::json) co_return result<void>();
  auto asking = ids_.id_for(topic, wanted.kind, std::move(*there));
  const auto known = co_await std::move(asking);
  // From here on it holds records of this id: should the registry lose it, what was seen before them says nothing.
  contents_.forget(topic);
  if (!known) co_return known.error();
  admitted_[topic] = *known;
  co_return result<void>();
}

asio::awaitable<result<void>> topic_schemas::confirm(std::string topic) {
  const auto known = admitted_.find(topic);
  const auto wanted = wanted_.find(topic);
  if (known == admitted_.end() || wanted == wanted_.end()) co_return result<void>();
  const auto id = known->second.id;
  auto asking = ids_.confirm(topic, id, wanted->second.kind);
  auto answered = co_await std::move(asking);
  const auto again = admitted_.find(topic);
  if (!answered || again == admitted_.end() || again->second.id != id) co_return result<void>();
  if (*answered) {
    again->second.confirmed = true;
    co_return result<void>();
  }
  admitted_.erase(again);
  held_.insert_or_assign(topic, answered->error());
  co_return *answered;
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
      to.apart().refused(topic, holds.error().context, around_.clock.run());
      apart_.insert(topic);
      for (const auto& group : around_.groups) around_.report.apart(group, to.apart());
      around_.log.warn("a topic may not be written any more: its streams are set apart, the others go on",
                       {{"topic", topic}, {"reason", holds.error().context}});
    }
  }
}

}  // namespace oes
