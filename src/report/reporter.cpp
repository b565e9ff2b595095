#include "report/reporter.hpp"

#include <algorithm>
#include <array>

#include "report/state_after.hpp"
#include "telemetry/human_text.hpp"
#include "telemetry/remedy.hpp"

namespace oes {
namespace {

// The newest label that a member has published, if any.
std::optional<network_time> newest_label(const member_progress& member, interval_size interval) {
  const auto until = member.labels.covered_until();
  if (!until) return std::nullopt;
  return bucket_floor(*until - std::chrono::seconds(1), interval);
}

// Nothing was asked for, or what was asked for was given up: trouble goes on.
bool is_no_news(const cycle_outcome& outcome) { return outcome.end == cycle_end::idle || outcome.gave_up; }

const char* why_skipped(label_fault fault) {
  switch (fault) {
    case label_fault::before_window:
    case label_fault::after_window:
    case label_fault::ahead:
    case label_fault::off_grid:
      break;
    case label_fault::unasked:
      return "series whose labels are not those that were asked for are left out; told once, counted in points_skipped";
    case label_fault::conflicting:
      return "the API gives several values of one point: the least is taken; told once, counted in points_skipped";
  }
  return "points with a label that cannot be true are left out; told once, counted in points_skipped";
}

bool went_well(const cycle_outcome& outcome) {
  const auto end = outcome.end;
  return !outcome.gave_up && (end == cycle_end::published || end == cycle_end::more || end == cycle_end::nothing_yet);
}

}  // namespace

member_status& reporter::row(const tracked_metric& member) { return board_.members[member.key]; }

void reporter::describe_position(const request_group& group, const group_state& state, std::size_t member) {
  auto& status = row(group.members[member]);
  const auto& progress = state.members[member];
  const auto gaps = progress.labels.count_gaps();
  status.given_up_gaps = gaps.given_up;
  status.open_gaps = gaps.open;
  const auto& ledger = state.ledgers[member];
  status.ledger_points = static_cast<std::int64_t>(ledger.points());
  status.ledger_bytes = static_cast<std::int64_t>(ledger.bytes());
  const auto label = newest_label(progress, group.identity.interval);
  if (!label) return;
  const auto instant = to_utc(*label, group.identity.net);
  status.newest = format(*label, utc_offset(group.identity.net));
  status.newest_at = instant;
}

void reporter::configured(const request_group& group) {
  for (const auto& member : group.members) {
    auto& status = row(member);
    status.stream = member.stream();
    status.group = group.members.front().stream();
    status.dataset = dataset(group.identity.from);
    status.metric = member.metric();
    status.network = code(group.identity.net);
    status.interval = code(group.identity.interval);
    status.topic = member.options.topic;
    status.trigger = group.trigger;
  }
}

// What only a leader does, and therefore only a leader can find mended.
void reporter::stands_by() {
  failing_.clear();
  const std::array<std::string, 4> of_leaders{"progress.json", "budget.json", "schema registry",
                                              std::string(list_for_series)};
  for (const auto& of_a_leader : of_leaders) {
    clear_trouble(board_, of_a_leader);
    outages_.erase(of_a_leader);
  }
  board_.progress_file.missing_since.reset();
  board_.api_outage.reset();
  for (auto& [key, status] : board_.members) {
    set_state(status, stream_state::standby, "");
    status.goes_on.reset();
    status.rowless_since.reset();
    status.apart = apart_for::nothing;
  }
}

void reporter::group_opened(const request_group& group, const group_state& state) {
  configured(group);
  for (std::size_t i = 0; i < state.members.size(); ++i) {
    auto& status = row(group.members[i]);
    if (status.state == stream_state::standby) set_state(status, stream_state::starting, "");
    describe_position(group, state, i);
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

std::size_t reporter::count_published(const request_group& group, const std::vector<member_published>& published) {
  std::size_t records = 0;
  for (const auto& one : published) {
    auto& status = row(group.members[one.member]);
    records += one.records;
    status.revised += static_cast<std::int64_t>(one.revised);
    status.records += static_cast<std::int64_t>(one.records);
    if (one.records > 0) status.last_commit = clock_.now();
  }
  board_.records += static_cast<std::int64_t>(records);
  return records;
}

// Rows without a number are rows; and a search through the past may yet find some.
void reporter::note_rows(member_status& status, stream_state state, bool had_row) {
  if (had_row || status.newest) {
    status.rowless_since.reset();
  } else if (state != stream_state::catching_up && !status.rowless_since) {
    status.rowless_since = clock_.now();
  }
}

void reporter::cycle_ended(const request_group& group, const group_state& state, const cycle_outcome& outcome) {
  const auto word = state_after(outcome);
  compared(group, outcome.compared);
  if (outcome.end == cycle_end::failed) numbers_.retried(name(outcome.why.code));
  for (std::size_t i = 0; i < group.members.size(); ++i) {
    auto& status = row(group.members[i]);
    describe_position(group, state, i);
    if (state.apart.contains(i) || outcome.why.code == errc::kafka_refused) continue;  // told by apart()
    const bool took_part =
        outcome.asked.empty() || std::find(outcome.asked.begin(), outcome.asked.end(), i) != outcome.asked.end();
    if (!is_no_news(outcome) && took_part) {
      set_state(status, word, outcome.end == cycle_end::failed ? outcome.why.context : "");
      if (!went_well(outcome)) continue;
      status.last_success = clock_.now();
      const bool had_row = std::any_of(outcome.compared.begin(), outcome.compared.end(),
                                       [i](const member_compared& one) { return one.member == i; });
      note_rows(status, word, had_row);
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

void reporter::log_cycle(const request_group& group, const group_state& state, const cycle_outcome& outcome,
                         std::size_t records) {
  const auto streams = stream_names(group);
  const std::string network(code(group.identity.net));
  if (outcome.gave_up) return;  // told by whoever gave it up
  if (went_well(outcome)) works(streams);
  switch (outcome.end) {
    case cycle_end::idle:
    case cycle_end::stopped:
      return;
    case cycle_end::published:
    case cycle_end::more:
      log_.info(records == 0 ? "read, and nothing to publish" : "published",
                {{"stream", streams},
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
      log_.info("this term of leadership is over", {{"stream", streams}, {"network", network}});
      return;
    case cycle_end::failed:
      if (outcome.why.code == errc::kafka_refused) return;  // told by topic_refused()
      if (const auto news = failed(streams, outcome.why)) {
        const log_field whose{"stream", streams};
        const log_field net{"network", network};
        const log_field from{"dataset", dataset(group.identity.from)};
        const log_field how{"outcome", name(outcome.why.code)};
        const log_field why{"reason", news->why};
        const log_field times{"failures", news->failures};
        const auto sentence = "cycle failed; progress stays where it was";
        const auto advice = advice_for_answer(news->why);
        if (advice.empty()) {
          log_.warn(sentence, {whose, net, from, how, why, times});
        } else {
          log_.warn(sentence, {whose, net, from, how, why, times, {"what_to_do", advice}});
        }
      }
      return;
  }
}

void reporter::paced(const request_group& group, const rhythm& at_edge, const credit_outlook& credits, utc_time next) {
  for (const auto& member : group.members) {
    auto& status = row(member);
    status.polled_every = at_edge.every;
    status.expected_lag = at_edge.expected_lag;
    status.late_after = at_edge.late_after;
    status.rowless_after = at_edge.rowless_after;
    status.goes_on = next;
  }
  board_.stretch = credits.stretch;
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

void reporter::compared(const request_group& group, const std::vector<member_compared>& members) {
  for (const auto& one : members) {
    auto& status = row(group.members[one.member]);
    status.unchanged += static_cast<std::int64_t>(one.unchanged);
    status.nulls += static_cast<std::int64_t>(one.nulls);
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
        if (!told_once_.emplace(member.stream(), reason).second) continue;
        log_.warn(why_skipped(fault),
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

}  // namespace oes
