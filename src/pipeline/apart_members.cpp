#include "pipeline/apart_members.hpp"

#include <algorithm>
#include <set>

#include "groups/work_watch.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

std::set<std::string> topics_of(const request_group& group) {
  std::set<std::string> topics;
  for (const auto& member : group.members) topics.insert(member.options.topic);
  return topics;
}

// Under which the group may be apart: its topics, and what it writes to the progress topic.
std::set<std::string> names_of(const request_group& group) {
  auto names = topics_of(group);
  names.insert(progress_of(work_of(group, time_range{}).of));
  return names;
}

std::string topic_of(const std::string& name, const request_group& group, const writer& write) {
  return name == progress_of(work_of(group, time_range{}).of) ? write.committer.progress_topic() : name;
}

double speed_of(const time_source& clock) {
  using fraction = std::chrono::duration<double>;
  const std::chrono::seconds shown(1);
  return fraction(shown) / fraction(clock.real(shown));
}

}  // namespace

run_time next_rehearsal(const request_group& group, const committer& to) {
  auto next = run_time::max();
  for (const auto& name : names_of(group)) {
    const auto* const refused = to.apart().find(name);
    if (refused != nullptr) next = std::min(next, refused->next_try);
  }
  return next;
}

namespace {

// A topic that its format or its schema kept from being written: nothing was refused by Kafka.
asio::awaitable<bool> ask_again(const request_group& group, writer& write, std::string topic) {
  auto asking = write.schemas.admit(topic);
  auto admitted = co_await std::move(asking);
  const auto now = write.clock.run();
  if (admitted) {
    write.committer.apart().takes_again(topic, now);
    write.report.topic_goes_on(group, topic);
  } else {
    write.committer.apart().refused(topic, admitted.error().context, now, speed_of(write.clock));
  }
  co_return admitted.has_value();
}

asio::awaitable<result<void>> try_with_kafka(const request_group& group, writer& write, const std::string& name) {
  auto whose = work_of(group, time_range{}).of;
  auto trying =
      name == progress_of(whose) ? write.committer.rehearse_progress(std::move(whose)) : write.committer.rehearse(name);
  auto tried = co_await std::move(trying);
  co_return tried;
}

}  // namespace

asio::awaitable<bool> rehearse(const request_group& group, group_state& state, writer& write) {
  bool back = false;
  const auto were_apart = state.apart.size();
  for (const auto& name : names_of(group)) {
    const auto* const refused = write.committer.apart().find(name);
    if (refused == nullptr || write.clock.run() < refused->next_try) continue;
    if (write.not_admitted(name)) {
      auto asking = ask_again(group, write, name);
      const bool admitted = co_await std::move(asking);
      back = back || admitted;
      continue;
    }
    const auto known_reason = refused->why;  // others of the topic may take it back meanwhile
    auto trying = try_with_kafka(group, write, name);
    const auto tried = co_await std::move(trying);
    if (write.committer.apart().find(name) == nullptr) {
      back = true;
    } else if (tried) {
      write.committer.apart().takes_again(name, write.clock.run());
      write.report.topic_takes_again(group, topic_of(name, group, write));
      back = true;
    } else {
      const bool tells = tried.error().code == errc::kafka_refused;
      const auto why = tells ? tried.error().context : known_reason;
      write.committer.apart().refused(name, why, write.clock.run(), speed_of(write.clock));
    }
  }
  see_who_is_apart(group, state, write.committer.apart());
  write.report.apart(group, write.committer.apart());
  co_return back || state.apart.size() < were_apart;  // others of a topic may have taken it back
}

void set_apart(const request_group& group, group_state& state, writer& write, const error& why) {
  std::set<std::string> refused = topics_of(group);
  if (!why.topic.empty()) refused = {why.topic};
  if (refused.contains(write.committer.progress_topic())) refused = {progress_of(work_of(group, time_range{}).of)};
  for (const auto& name : refused) {
    write.committer.apart().refused(name, why.context, write.clock.run(), speed_of(write.clock));
    if (write.not_admitted(name)) {
      write.report.topic_not_admitted(group, name, why.context);
    } else {
      write.report.topic_refused(group, topic_of(name, group, write), why);
    }
  }
  see_who_is_apart(group, state, write.committer.apart());
  write.report.apart(group, write.committer.apart());
}

}  // namespace oes
