#include "report/reporter.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "records/facility_records.hpp"
#include "telemetry/human_text.hpp"

namespace oes {
namespace {

constexpr std::size_t lines_kept = 20;

double unix_seconds(utc_time t) { return static_cast<double>(t.time_since_epoch().count()) / 1e6; }

constexpr const char* unusable_clock =
    "clock: this host's time and the API's are too far apart, or the API tells a different time with each answer; "
    "going "
    "by the host's";

std::string name_of(api_trouble what) {
  switch (what) {
    case api_trouble::away:
      return "the API is away: one request at a time asks whether it is back; everything else waits";
    case api_trouble::limit:
      return "the API refuses the key for now (credits or rate limit): one request at a time tries again";
    case api_trouble::bad_key:
      return "the API does not accept the key: one request an hour tries again";
  }
  return "the API is away";
}

// Without a credit, with a key that is refused or an API that is away no group asks: that is told once for all.
bool is_told_elsewhere(const error& why) {
  const bool never_sent = why.http_status == 0;
  if (never_sent && (why.code == errc::rate_limited || why.code == errc::limit_reached || why.code == errc::bad_key)) {
    return true;
  }
  return trouble_in(why).has_value();
}

// The newest label that a member has published, if any.
std::optional<network_time> newest_label(const member_progress& member, interval_size interval) {
  const auto until = member.labels.covered_until();
  if (!until) return std::nullopt;
  return bucket_floor(*until - std::chrono::seconds(1), interval);
}

}  // namespace

member_status& reporter::row(const tracked_metric& member) { return board_.members[member.key]; }

void reporter::describe_position(const request_group& group, const group_state& state, std::size_t member) {
  auto& status = row(group.members[member]);
  const auto& progress = state.members[member];
  const auto gaps = progress.labels.count_gaps();
  status.given_up_gaps = gaps.given_up;
  status.open_gaps = gaps.open;
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
  const auto& first = state.members.front();
  const auto here = to_network_time(clock_.now(), group.identity.net);
  if (first.position <= first_open(here, group.identity.interval)) return;
  log_.warn("the stream begins in the future: nothing is asked for until then",
            {{"stream", stream_names(group)}, {"begins", format(first.position)}, {"now", format(here)}});
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

void reporter::credits(const credit_outlook& credits) {
  board_.credits_used_today = credits.used;
  board_.credits_per_day = credits.per_day;
  board_.credits_left = credits.left;
  board_.credits_resume_at = credits.spent ? std::optional(credits.day_ends) : std::nullopt;
  numbers_.credits(credits.used, credits.per_day.value_or(0));
  if (!credits.spent || told_spent_ == credits.day_ends) return;
  told_spent_ = credits.day_ends;
  log_.warn("the day's share of credits is spent: polls go on when the next day begins; nothing is lost",
            {{"used", credits.used},
             {"share", credits.per_day.value_or(0)},
             {"goes_on_at", format_utc_seconds(credits.day_ends)}});
}

void reporter::paced(const request_group& group, const rhythm& at_edge, const credit_outlook& credits) {
  for (const auto& member : group.members) {
    auto& status = row(member);
    status.polled_every = at_edge.every;
    status.expected_lag = at_edge.expected_lag;
    status.late_after = at_edge.late_after;
  }
  board_.stretch = credits.stretch;
  numbers_.stretch(credits.stretch);
  constexpr double worth_telling = 1.4;
  const double ratio = credits.stretch / told_stretch_;
  if (credits.spent || (ratio < worth_telling && ratio * worth_telling > 1)) return;
  told_stretch_ = credits.stretch;
  log_.info(credits.stretch > 1 ? "credits are scarce: polls come less often; data arrives later, never less"
                                : "credits suffice for every trigger again",
            {{"stream", stream_names(group)},
             {"wanted", "every " + duration_text(group.trigger)},
             {"granted", "every " + duration_text(at_edge.every)},
             {"left", credits.left.value_or(0)},
             {"share", credits.per_day.value_or(0)}});
}

void reporter::tell_outage(const breaker_news& news) {
  const auto lasted = duration_words(std::chrono::round<std::chrono::seconds>(news.lasted).count());
  const auto& outage = news.outage;
  switch (news.what) {
    case breaker_news::kind::began:
      log_.warn(name_of(outage.what), {{"reason", outage.why}});
      return;
    case breaker_news::kind::goes_on:
      log_.warn(name_of(outage.what) + " (still, for " + lasted + ")",
                {{"requests_failed", outage.failures}, {"reason", outage.why}});
      return;
    case breaker_news::kind::over:
      log_.info("the API is back after " + lasted, {{"requests_failed", outage.failures}});
      return;
  }
}

void reporter::show_outage(const api_outage* outage, const moment& at) {
  numbers_.api_away(outage != nullptr);
  board_.api_outage.reset();
  if (outage == nullptr) return;
  board_.api_outage = api_outage_status{outage->why, at.now - (at.run - outage->since),
                                        std::max(at.now, at.now + (outage->next_probe - at.run)), outage->failures};
}

void reporter::api_heard(breaker& api) {
  const auto at = clock_.look();
  while (const auto news = api.news(at.run)) tell_outage(*news);
  show_outage(api.outage(), at);
  show_clock(clock_.read());
}

void reporter::show_clock(const clock_reading& reading) {
  const auto skew = std::chrono::duration<double>(reading.skew).count();
  board_.clock = name(reading.standing);
  board_.clock_skew_seconds = reading.standing == clock_standing::unknown ? std::nullopt : std::optional<double>(skew);
  numbers_.clock_skew(skew);
  const bool is_well = reading.standing == clock_standing::unknown || reading.standing == clock_standing::agrees;
  const bool refused = reading.standing == clock_standing::refused;
  if (is_well) {
    clear_trouble(board_, "clock");
    return;
  }
  const auto apart = duration_words(std::abs(static_cast<std::int64_t>(skew)));
  const auto what =
      refused ? std::string(unusable_clock)
              : "this host's clock is " + apart + (skew > 0 ? " slow" : " fast") + ": going by the API's time";
  note_trouble(board_, "clock",
               {refused ? health_level::failing : health_level::degraded, what, {}, "set this host's clock"},
               clock_.now());
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
    const bool took_part =
        outcome.asked.empty() || std::find(outcome.asked.begin(), outcome.asked.end(), i) != outcome.asked.end();
    if (outcome.end != cycle_end::idle && took_part) {
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
    const auto* const refused = topics.find(group.members[i].options.topic);
    if (refused != nullptr) {
      set_state(status, stream_state::set_apart, refused->why);
      status.goes_on = clock_.now() + std::max<std::chrono::microseconds>(refused->next_try - clock_.run(), {});
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
  const auto now = steady_now();
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
      log_.warn(who + " still cannot be used", {{"reason", news->why}, {"failures", news->failures}, {"for", lasted}});
      return;
    case outage_news::kind::over:
      log_.info(who + " is back after " + lasted, {{"failures", news->failures}});
      return;
  }
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
      log_.info("published", {{"stream", streams},
                              {"network", network},
                              {"dataset", dataset(group.identity.from)},
                              {"records", records},
                              {"position", format(state.members.front().position)}});
      return;
    case cycle_end::nothing_yet:
      log_.info("nothing new yet", {{"stream", streams},
                                    {"network", network},
                                    {"dataset", dataset(group.identity.from)},
                                    {"position", format(state.members.front().position)}});
      return;
    case cycle_end::fenced:
      log_.warn("this term of leadership is over", {{"stream", streams}, {"network", network}});
      return;
    case cycle_end::failed:
      if (is_told_elsewhere(outcome.why)) return;
      if (outcome.why.code == errc::kafka_refused) return;  // told by topic_refused()
      log_.warn("cycle failed; progress stays where it was", {{"stream", streams},
                                                              {"network", network},
                                                              {"dataset", dataset(group.identity.from)},
                                                              {"outcome", name(outcome.why.code)},
                                                              {"reason", outcome.why.context}});
      return;
  }
}

void reporter::skipped(const request_group& group, const std::vector<metric_skipped>& metrics) {
  for (const auto& one : metrics) {
    for (const auto& member : group.members) {
      if (member.metric() != one.metric) continue;
      for (const auto fault : label_faults) {
        const auto points = static_cast<std::int64_t>(one.skipped.of(fault));
        if (points == 0) continue;
        const std::string reason(name(fault));
        row(member).points_skipped[reason] += points;
        numbers_.points_skipped(member.stream(), member.metric(), reason, points);
        if (!told_once_.emplace(member.stream(), reason).second) continue;
        log_.warn("points with a label that cannot be true are left out; told once, counted in points_skipped",
                  {{"stream", member.stream()},
                   {"network", code(group.identity.net)},
                   {"metric", member.metric()},
                   {"reason", reason},
                   {"points", points},
                   {"label", format(one.skipped.example_of(fault), utc_offset(group.identity.net))}});
      }
    }
  }
}

void reporter::over_limits(const request_group& group, std::size_t records, std::size_t bytes) {
  const auto streams = stream_names(group);
  if (!told_once_.emplace(streams, "over_limits").second) return;
  log_.warn("one interval is more than a transaction may hold; it goes whole, and exceeds the limits",
            {{"stream", streams}, {"records", records}, {"bytes", bytes}});
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
