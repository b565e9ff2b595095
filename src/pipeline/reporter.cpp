#include "pipeline/reporter.hpp"

#include <algorithm>
#include <utility>

#include "pipeline/expected_lag.hpp"
#include "records/facility_records.hpp"
#include "telemetry/human_text.hpp"

namespace oes {
namespace {

constexpr std::size_t lines_kept = 20;

double unix_seconds(utc_time t) { return static_cast<double>(t.time_since_epoch().count()) / 1e6; }

// The newest label that a member has published, if any.
std::optional<network_time> newest_label(const member_progress& member, interval_size interval) {
  if (member.covered.empty()) return std::nullopt;
  return bucket_floor(member.covered.ranges().back().end - std::chrono::seconds(1), interval);
}

}  // namespace

member_status& reporter::row(const group_member& member) { return board_.members[member.key]; }

void reporter::describe_position(const request_group& group, const group_state& state, std::size_t member) {
  auto& status = row(group.members[member]);
  const auto& progress = state.members[member];
  status.given_up_gaps = std::count_if(progress.gaps.begin(), progress.gaps.end(),
                                       [](const gap& one) { return one.given_up_at.has_value(); });
  status.open_gaps = std::ssize(progress.gaps) - status.given_up_gaps;
  numbers_.gaps(status.stream, status.metric, status.open_gaps, status.given_up_gaps);
  const auto& ledger = state.ledgers[member];
  numbers_.ledger(status.stream, status.metric, ledger.points(), ledger.bytes());
  const auto label = newest_label(progress, group.identity.interval);
  if (!label) return;
  const auto instant = to_utc(*label, group.identity.net);
  status.newest = format(*label, utc_offset(group.identity.net));
  status.newest_at = instant;
  numbers_.newest_interval(status.stream, status.metric, unix_seconds(instant),
                           unix_seconds(clock_.now()) - unix_seconds(instant));
}

void reporter::group_opened(const request_group& group, const group_state& state) {
  for (std::size_t i = 0; i < group.members.size(); ++i) {
    const auto& member = group.members[i];
    auto& status = row(member);
    status.stream = member.stream();
    status.metric = member.metric();
    status.network = code(group.identity.net);
    status.interval = code(group.identity.interval);
    status.topic = member.options.topic;
    if (!state.members.empty()) describe_position(group, state, i);
  }
  if (state.members.empty()) return;
  log_.info("request group opened", {{"stream", stream_names(group)},
                                     {"network", code(group.identity.net)},
                                     {"metrics", group.members.size()},
                                     {"identity", canonical(group.identity)},
                                     {"position", format(state.members.front().position)}});
}

void reporter::group_refused(const request_group& group, const error& why) {
  group_opened(group, {});
  for (const auto& member : group.members) set_state(row(member), stream_state::identity_changed, why.context);
  log_.error("a stream stays stopped", {{"stream", stream_names(group)}, {"reason", why.context}});
}

void reporter::requested(const request_group& group, std::string_view outcome, std::chrono::steady_clock::duration took,
                         std::size_t bytes) {
  ++board_.requests;
  numbers_.request(stream_names(group), code(group.identity.net), outcome, took, bytes);
}

void reporter::credits(std::int64_t used_today, std::optional<std::int64_t> per_day) {
  board_.credits_used_today = used_today;
  board_.credits_per_day = per_day;
  numbers_.credits(used_today, per_day.value_or(0));
}

void reporter::paced(const request_group& group, std::chrono::seconds granted, double stretch,
                     const credit_budget& credits) {
  // With no credit left nothing is granted but the day to come: that is told as the reason why the group waits.
  constexpr auto a_day = std::chrono::hours(24);
  if (granted > a_day) return;
  for (const auto& member : group.members) {
    row(member).polled_every = granted;
    row(member).lag_expected = expected_lag(group, granted);
  }
  board_.stretch = stretch;
  numbers_.stretch(stretch);
  constexpr double worth_telling = 1.4;
  const double ratio = stretch / told_stretch_;
  if (ratio < worth_telling && ratio * worth_telling > 1) return;
  told_stretch_ = stretch;
  const bool scarce = stretch > 1;
  log_.info(scarce ? "credits are scarce: polls come less often; data arrives later, never less"
                   : "credits suffice for every trigger again",
            {{"stream", stream_names(group)},
             {"wanted", "every " + duration_text(group.trigger)},
             {"granted", "every " + duration_text(granted)},
             {"credits_a_day", credits.credits_of_plan().value_or(0)},
             {"share", credits.per_day().value_or(0)}});
}

std::size_t reporter::count_published(const request_group& group, const std::vector<member_published>& published) {
  std::size_t records = 0;
  for (const auto& one : published) {
    auto& status = row(group.members[one.member]);
    records += one.records;
    status.records += static_cast<std::int64_t>(one.records);
    status.nulls += static_cast<std::int64_t>(one.nulls);
    if (one.records > 0) status.last_commit = clock_.now();
    numbers_.published(status.stream, status.metric, static_cast<std::int64_t>(one.records));
  }
  board_.records += static_cast<std::int64_t>(records);
  return records;
}

void reporter::cycle_ended(const request_group& group, const group_state& state, const cycle_outcome& outcome) {
  const auto word = state_after(outcome);
  for (std::size_t i = 0; i < group.members.size(); ++i) {
    auto& status = row(group.members[i]);
    describe_position(group, state, i);
    if (state.apart.contains(i) || outcome.why.code == errc::kafka_refused) continue;  // told by apart()
    if (outcome.end != cycle_end::idle) {
      set_state(status, word, outcome.end == cycle_end::failed ? outcome.why.context : "");
    }
  }
  log_cycle(group, state, outcome, count_published(group, outcome.published));
}

void reporter::set_state(member_status& status, stream_state state, const std::string& why) {
  const bool trouble = !why.empty();
  if (!trouble) {
    status.trouble_since.reset();
  } else if (!status.trouble_since || status.state != state) {
    status.trouble_since = clock_.now();
  }
  status.state = state;
  status.last_error = why;
}

void reporter::wakes(const request_group& group, utc_time next) {
  for (const auto& member : group.members) row(member).goes_on = next;
}

void reporter::topic_refused(const request_group& group, const std::string& topic, const error& why) {
  log_.warn("Kafka refuses a stream's topic: the stream is set apart, its progress stays; the others go on",
            {{"stream", stream_names(group)}, {"topic", topic}, {"reason", why.context}});
}

void reporter::topic_takes_again(const request_group& group, const std::string& topic) {
  log_.info("Kafka takes the topic's records again: its stream goes on",
            {{"stream", stream_names(group)}, {"topic", topic}});
}

void reporter::apart(const request_group& group, const group_state& state, const apart_topics& topics) {
  for (std::size_t i = 0; i < group.members.size(); ++i) {
    auto& status = row(group.members[i]);
    numbers_.set_apart(status.stream, status.metric, state.apart.contains(i));
    const auto* const refused = topics.find(status.topic);
    if (refused != nullptr) {
      set_state(status, stream_state::set_apart, refused->why);
      status.goes_on = refused->next_try;
    } else if (status.state == stream_state::set_apart) {
      set_state(status, stream_state::catching_up, "");
    }
  }
}

void reporter::kafka(const error* why) { tell("kafka", health_level::failing, why); }

void reporter::lesser(const std::string& subject, const error* why) { tell(subject, health_level::degraded, why); }

void reporter::tell(const std::string& subject, health_level level, const error* why) {
  const bool is_kafka = subject == "kafka";
  const std::string who = is_kafka ? "Kafka" : subject;
  const auto now = std::chrono::steady_clock::now();
  auto& known = outages_[subject];
  const auto news = why == nullptr ? known.over(now) : known.failed(why->context, now);
  if (why == nullptr) {
    clear_trouble(board_, subject);
  } else {
    note_trouble(board_, subject, {level, who + ": " + why->context, {}, "tried again until it works"}, clock_.now());
  }
  if (!news) return;
  const auto lasted = duration_words(news->lasted.count());
  switch (news->what) {
    case outage_news::kind::began:
      log_.warn(who + (is_kafka ? " cannot be used; trying again" : " cannot be used; going on without it"),
                {{"reason", news->why}});
      return;
    case outage_news::kind::goes_on:
      log_.warn(who + " still cannot be used",
                {{"reason", news->why}, {"failures", news->failures}, {"for", lasted}});
      return;
    case outage_news::kind::over:
      log_.info(who + " is back after " + lasted, {{"failures", news->failures}});
      return;
  }
}

// Without a credit, or with a key that is refused, no group asks: that is told once, not by each of them.
bool reporter::is_known_wait(const error& why) {
  const bool never_sent = why.code == errc::rate_limited && why.http_status == 0;
  if (!never_sent) return false;
  return std::exchange(told_wait_, why.context) == why.context;
}

void reporter::log_cycle(const request_group& group, const group_state& state, const cycle_outcome& outcome,
                         std::size_t records) {
  const auto streams = stream_names(group);
  const std::string network(code(group.identity.net));
  switch (outcome.end) {
    case cycle_end::idle:
    case cycle_end::stopped:
      return;
    case cycle_end::published:
    case cycle_end::more:
      told_wait_.clear();
      log_.info("published", {{"stream", streams},
                              {"network", network},
                              {"dataset", dataset(group.identity.from)},
                              {"records", records},
                              {"position", format(state.members.front().position)}});
      return;
    case cycle_end::nothing_yet:
      told_wait_.clear();
      log_.info("nothing new yet", {{"stream", streams},
                                    {"network", network},
                                    {"dataset", dataset(group.identity.from)},
                                    {"position", format(state.members.front().position)}});
      return;
    case cycle_end::fenced:
      log_.warn("this term of leadership is over", {{"stream", streams}, {"network", network}});
      return;
    case cycle_end::failed:
      if (is_known_wait(outcome.why)) return;
      if (outcome.why.code == errc::kafka_refused) return;  // told by topic_refused()
      log_.warn("cycle failed; progress stays where it was", {{"stream", streams},
                                                              {"network", network},
                                                              {"dataset", dataset(group.identity.from)},
                                                              {"outcome", name(outcome.why.code)},
                                                              {"reason", outcome.why.context}});
      return;
  }
}

void reporter::backfilled(const request_group& group, const std::vector<member_published>& published,
                          time_range chunk) {
  const auto records = count_published(group, published);
  log_.info("backfilled", {{"stream", stream_names(group)},
                           {"network", code(group.identity.net)},
                           {"dataset", dataset(group.identity.from)},
                           {"records", records},
                           {"from", format(chunk.begin)},
                           {"to", format(chunk.end)}});
}

void reporter::transaction(std::string_view outcome, std::chrono::steady_clock::duration took, std::size_t records,
                           std::int64_t sequence) {
  numbers_.transaction(outcome, took, static_cast<std::int64_t>(records));
  if (outcome != "committed") return;
  ++board_.transactions;
  board_.sequence = sequence;
}

member_status& reporter::list_row(const std::string& topic) {
  const auto key = facility_list_key(topic);
  auto& status = board_.members[key];
  status.stream = key.first;
  status.metric = "units";
  status.topic = topic;
  return status;
}

void reporter::list_kept(const std::string& topic, std::size_t changed, std::size_t gone) {
  auto& status = list_row(topic);
  set_state(status, stream_state::live, "");
  if (changed + gone == 0) return;
  status.records += static_cast<std::int64_t>(changed + gone);
  status.last_commit = clock_.now();
  board_.records += static_cast<std::int64_t>(changed + gone);
  numbers_.published(status.stream, status.metric, static_cast<std::int64_t>(changed + gone));
  log_.info("published", {{"stream", status.stream}, {"dataset", "facilities"}, {"records", changed}, {"gone", gone}});
}

void reporter::list_failed(const std::string& topic, const error& why) {
  auto& status = list_row(topic);
  set_state(status, why.code == errc::bad_key ? stream_state::bad_key : stream_state::retrying, why.context);
  log_.warn("the list of facilities was not read or not published; trying again",
            {{"outcome", name(why.code)}, {"reason", why.context}});
}

void reporter::newest_records(const std::vector<std::string>& values) {
  for (const auto& value : values) board_.recent.push_front(value);
  while (board_.recent.size() > lines_kept) board_.recent.pop_back();
}

}  // namespace oes
