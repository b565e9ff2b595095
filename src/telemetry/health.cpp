#include "telemetry/health.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "telemetry/human_text.hpp"
#include "telemetry/remedy.hpp"
#include "telemetry/stream_summary.hpp"

namespace oes {
namespace {

// A cycle that fails now and then is nothing to report: the next one makes up for it.
constexpr std::chrono::seconds retrying_counts_after = std::chrono::minutes(2);

// Nothing has been read since the start: nobody waits for two minutes to hear why.
constexpr auto never_read_counts_after = std::chrono::seconds(15);

enum class ailment { none, waits, down };

// Where nothing is known of how late it may be.
constexpr std::chrono::seconds rowless_counts_after = std::chrono::hours(12);

// The API as a whole is away: told once, not by stream.
bool api_is_away(const daemon_status& known) {
  if (!known.api_outage) return false;
  const auto least = known.api_answered ? retrying_counts_after : never_read_counts_after;
  return known.now - known.api_outage->since >= least;
}

// `waits`: it goes on by itself at a known time.
ailment ailment_of(const member_status& member, utc_time now, std::chrono::seconds patience) {
  switch (member.state) {
    case stream_state::standby:
    case stream_state::starting:
    case stream_state::live:
    case stream_state::catching_up:
    case stream_state::waiting:
      return ailment::none;
    case stream_state::retrying:
      return now - member.trouble_since.value_or(now) >= patience ? ailment::down : ailment::none;
    case stream_state::limit_reached:
      return ailment::waits;
    case stream_state::bad_key:
    case stream_state::stopped_by_api:
    case stream_state::identity_changed:
    case stream_state::set_apart:
      return ailment::down;
  }
  return ailment::none;
}

// Longer than a credit day: its credits have come back since, and the key is refused all the same.
constexpr auto longest_spent = std::chrono::hours(25);

bool is_withdrawn(stream_state state, const std::optional<utc_time>& since, utc_time now) {
  return state == stream_state::limit_reached && since && now - *since > longest_spent;
}

std::string_view kind_of(stream_state state) {
  if (state == stream_state::bad_key) return "api_key";
  return state == stream_state::limit_reached ? "credits" : "stream";
}

std::string_view kind_of_trouble(const std::string& subject) {
  for (const auto known : {"kafka", "leadership", "clock"}) {
    if (subject == known) return known;
  }
  if (subject == "topics") return "kafka";
  if (subject == "foreign member") return "leadership";
  if (subject == "schema registry") return "registry";
  return "other";
}

std::string and_then(std::string_view advice, std::string_view when, const std::optional<utc_time>& at) {
  auto text = std::string(advice);
  if (at) text.append(text.empty() ? "" : "; ").append(when).append(" ").append(format_utc_seconds(*at));
  return text;
}

std::string remedy_for_refusal(const member_status& member, const daemon_status& known) {
  const auto& why = member.last_error;
  std::string advice = "correct the stream's configuration";
  if (why.ends_with(": 404 Not Found") && known.account_not_found) {
    advice = "correct api.base_url: nothing of the API is there";
  } else if (why.find("the API's contract has changed") != std::string::npos) {
    advice = "look at this host's clock, and for a newer release";
  }
  return advice + "; it is tried again every hour";
}

std::string remedy(const member_status& member, const daemon_status& known) {
  switch (member.state) {
    case stream_state::bad_key:
      return std::string(advice_for_bad_key) + "; it is tried again every hour, and at once when /me accepts the key";
    case stream_state::limit_reached:
      return and_then(advice_for_limit(member.last_error, known.credits_left, known.credits_per_day), "goes on at",
                      member.goes_on);
    case stream_state::set_apart:
      if (member.apart == apart_for::ended_process) return and_then("", "goes on at", member.goes_on);
      return and_then(advice_for_topic(member.last_error), "tried again at", member.goes_on);
    case stream_state::stopped_by_api:
      return remedy_for_refusal(member, known);
    case stream_state::identity_changed:
      return "";  // the reason names the ways out
    case stream_state::standby:
    case stream_state::starting:
    case stream_state::live:
    case stream_state::catching_up:
    case stream_state::waiting:
      break;
    case stream_state::retrying:
      return and_then(advice_for_answer(member.last_error), "goes on at", member.goes_on);
  }
  return and_then("", "goes on at", member.goes_on);
}

std::string credits_text(const daemon_status& known) {
  if (!known.credits_per_day || !known.credits_left) return "";
  return " (" + grouped(*known.credits_left) + " of " + grouped(*known.credits_per_day) + " credits left today)";
}

// Streams with the same trouble are one reason.
struct patients {
  std::set<std::string> streams;
  std::size_t members = 0;
  const member_status* first = nullptr;
  std::optional<utc_time> since;
};

std::string names(const std::set<std::string>& streams, bool all) {
  if (all && streams.size() > 1) return "all streams";
  std::string out = streams.size() == 1 ? "stream " : "streams ";
  for (const auto& stream : streams) out.append(out.back() == ' ' ? "" : ", ").append(stream);
  return out;
}

void judge_ailing(const daemon_status& known, std::vector<health_reason>& reasons) {
  std::map<std::pair<stream_state, std::string>, patients> ailing;
  const bool reads = has_read(known);
  std::size_t down = 0;
  std::size_t waiting = 0;  // for their first answer
  for (const auto& [key, member] : known.members) {
    const auto state = ailment_of(member, known.now, reads ? retrying_counts_after : never_read_counts_after);
    const bool is_awaited = member.state == stream_state::starting || member.state == stream_state::retrying;
    if (state == ailment::none && is_awaited && !reads) ++waiting;
    if (state == ailment::none) continue;
    const bool told_already = member.state == stream_state::retrying && api_is_away(known);
    if (told_already) continue;
    if (state == ailment::down) ++down;
    auto& one = ailing[{member.state, member.last_error}];
    one.streams.insert(member.stream);
    ++one.members;
    if (one.first == nullptr) one.first = &member;
    if (member.trouble_since) one.since = std::min(one.since.value_or(*member.trouble_since), *member.trouble_since);
  }
  for (const auto& [kind, one] : ailing) {
    const auto& [state, why] = kind;
    const bool all_down = down + waiting == known.members.size() && state != stream_state::limit_reached;
    const bool withdrawn = is_withdrawn(state, one.since, known.now);
    // The key is everybody's.
    const bool of_all = all_down || withdrawn || state == stream_state::bad_key;
    const auto level = of_all ? health_level::failing : health_level::degraded;
    auto what = names(one.streams, one.members == known.members.size()) + ": " + std::string(words(state)) + ": " + why;
    if (state == stream_state::bad_key) what = "API key not accepted: " + why;
    if (state == stream_state::limit_reached) what += credits_text(known);
    if (withdrawn) what = "API key refused for longer than a credit day: withdrawn, or run out? " + why;
    reasons.push_back({level, withdrawn ? "api_key" : kind_of(state),
                       std::string(name(state)) + " " + names(one.streams, false), std::move(what), one.since,
                       withdrawn ? "give it another key; it is asked again and again" : remedy(*one.first, known)});
  }
}

void judge_api(const daemon_status& known, std::vector<health_reason>& reasons) {
  if (!api_is_away(known)) return;
  const bool told_by_stream = std::any_of(known.members.begin(), known.members.end(), [](const auto& one) {
    return one.second.state == stream_state::bad_key || one.second.state == stream_state::limit_reached;
  });
  if (told_by_stream) return;
  const auto& outage = *known.api_outage;
  reasons.push_back({health_level::failing, "api", "api", "the API is away: " + outage.why, outage.since,
                     and_then(advice_for_api(outage.why), "asked again at", outage.next_probe)});
}

// What a late stream waits for.
std::string_view waits_for(const daemon_status& known) {
  return known.troubles.contains("kafka") ? "it goes on once Kafka takes records"
                                          : "the API has nothing newer; it is asked again and again";
}

void judge_lag(const daemon_status& known, std::vector<health_reason>& reasons) {
  for (const auto& [key, member] : known.members) {
    const auto lag = lag_seconds(member, known.now);
    const bool counts = member.state == stream_state::live || member.state == stream_state::waiting;
    if (!counts || !lag || !member.late_after || *lag <= member.late_after->count()) continue;
    reasons.push_back({health_level::degraded, "late", "late " + member.stream + " " + member.metric,
                       "stream " + member.stream + ": " + member.metric + " is " + duration_words(*lag) +
                           " behind, more than " + duration_words(member.late_after->count()) + " is unusual",
                       std::nullopt, std::string(waits_for(known))});
  }
}

// The API answers, and knows nothing of what is asked for: nothing there will mend itself.
bool is_rowless(const member_status& member, utc_time now) {
  const bool counts = member.state == stream_state::live || member.state == stream_state::waiting;
  return counts && member.rowless_since &&
         now - *member.rowless_since > member.rowless_after.value_or(rowless_counts_after);
}

// One reason a stream, with the metrics that it is about where others of it have rows.
void judge_rowless(const daemon_status& known, std::vector<health_reason>& reasons) {
  for (const auto& stream : summaries(known)) {
    std::string metrics;
    std::size_t count = 0;
    const member_status* first = nullptr;
    for (const auto* member : stream.members) {
      if (!is_rowless(*member, known.now)) continue;
      metrics.append(metrics.empty() ? "" : ", ").append(member->metric);
      ++count;
      if (first == nullptr || *member->rowless_since < *first->rowless_since) first = member;
    }
    if (first == nullptr) continue;
    const bool all = count == stream.members.size();
    reasons.push_back(
        {health_level::degraded, "late", "rowless " + stream.name,
         "stream " + stream.name + ": the API has had no row " + (all ? "for it" : "of " + metrics) + " yet",
         first->rowless_since, and_then(advice_for_rowless, "asked again at", first->goes_on)});
  }
}

void judge_role(const daemon_status& known, std::vector<health_reason>& reasons) {
  const bool failing = std::any_of(reasons.begin(), reasons.end(),
                                   [](const health_reason& r) { return r.level == health_level::failing; });
  if (known.role == "stopping") reasons.push_back({health_level::failing, "stopping", "stopping", "stopping", {}, ""});
  if (known.role == "starting" && !failing) {
    reasons.push_back({health_level::failing, "starting", "starting", "starting", known.started_at, ""});
  }
}

void judge_configuration(const config_status& known, std::vector<health_reason>& reasons) {
  if (!known.refused) return;
  reasons.push_back({health_level::degraded, "configuration", "configuration", known.outcome, known.reloaded_at,
                     "correct the file and reload again"});
}

}  // namespace

std::span<const std::string_view> health_kinds() {
  static constexpr std::array<std::string_view, 13> all{"starting", "stopping",      "leadership", "kafka", "api",
                                                        "api_key",  "credits",       "clock",      "late",  "stream",
                                                        "registry", "configuration", "other"};
  return all;
}

health_level level_of(const health& judged, std::string_view kind) {
  auto worst = health_level::ok;
  for (const auto& reason : judged.reasons) {
    if (reason.kind == kind) worst = std::max(worst, reason.level);
  }
  return worst;
}

health judge_health(const daemon_status& known) {
  health judged;
  auto& reasons = judged.reasons;
  for (const auto& [subject, one] : known.troubles) {
    reasons.push_back({one.level, kind_of_trouble(subject), subject, one.what, one.since, one.then});
  }
  judge_role(known, reasons);
  judge_configuration(known.config, reasons);
  if (known.role == "leading") {
    judge_api(known, reasons);
    judge_ailing(known, reasons);
    judge_lag(known, reasons);
    judge_rowless(known, reasons);
  }
  std::stable_sort(reasons.begin(), reasons.end(),
                   [](const health_reason& a, const health_reason& b) { return a.level > b.level; });
  if (!reasons.empty()) judged.level = reasons.front().level;
  return judged;
}

std::string line_of(const health_reason& reason) {
  auto text = reason.what;
  if (reason.since) text += "; since " + format_utc_seconds(*reason.since);
  if (!reason.then.empty()) text += "; " + reason.then;
  return text;
}

std::string line_of(const health& judged) {
  std::string text(name(judged.level));
  for (const auto& reason : judged.reasons) {
    text += (&reason == &judged.reasons.front() ? ": " : " | ") + line_of(reason);
  }
  return text;
}

bool same_judgement(const health& a, const health& b) {
  return a.level == b.level && std::equal(a.reasons.begin(), a.reasons.end(), b.reasons.begin(), b.reasons.end(),
                                          [](const health_reason& one, const health_reason& other) {
                                            return one.subject == other.subject && one.level == other.level;
                                          });
}

}  // namespace oes
