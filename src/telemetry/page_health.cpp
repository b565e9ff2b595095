#include <algorithm>
#include <cctype>
#include <optional>

#include "telemetry/health.hpp"
#include "telemetry/human_text.hpp"
#include "telemetry/page_parts.hpp"
#include "telemetry/text.hpp"

namespace oes {
namespace {

// Of each stream one thing is said: the first of these that holds.
struct standing {
  std::size_t all = 0;
  std::size_t behind = 0;   ///< catching up
  std::size_t waiting = 0;  ///< not read since the start, and not known to be at the newest data by what was before
  std::size_t without = 0;  ///< was read, and never had any data
  std::size_t failing = 0;  ///< is tried again
  [[nodiscard]] std::size_t with_data() const { return all - waiting - without; }
  [[nodiscard]] std::size_t at_edge() const { return with_data() - behind - failing; }
};

bool is_in_time(const member_status& member, utc_time now) {
  const auto lag = lag_seconds(member, now);
  return lag && member.late_after && *lag <= member.late_after->count();
}

// The list of facilities has no intervals.
bool has_data(const member_status& member) { return member.newest || member.dataset == "facilities"; }

standing stand(const std::vector<stream_summary>& streams, utc_time now) {
  standing out;
  out.all = streams.size();
  for (const auto& one : streams) {
    const auto any = [&one](auto is) { return std::any_of(one.members.begin(), one.members.end(), is); };
    if (one.state == stream_state::catching_up) {
      ++out.behind;
    } else if (any([now](const auto* m) { return !m->last_success && !is_in_time(*m, now); })) {
      ++out.waiting;
    } else if (any([](const auto* m) { return !has_data(*m); })) {
      ++out.without;
    } else if (one.state == stream_state::retrying) {
      ++out.failing;
    }
  }
  return out;
}

std::size_t count_of(const std::vector<stream_summary>& streams, stream_state state) {
  return static_cast<std::size_t>(
      std::count_if(streams.begin(), streams.end(), [&](const stream_summary& one) { return one.state == state; }));
}

std::string streams_text(std::size_t n) { return std::to_string(n) + (n == 1 ? " stream" : " streams"); }

// `2 streams of 5 catching up with older data, 1 without data yet`: all but those at the newest data.
std::string exceptions(const standing& streams) {
  std::string out;
  const auto add = [&](std::size_t count, std::string_view what) {
    if (count == 0) return;
    out.append(out.empty() ? streams_text(count) + " of " + std::to_string(streams.all) : ", " + std::to_string(count));
    out.append(" ").append(what);
  };
  add(streams.behind, "catching up with older data");
  add(streams.without, "without data yet");
  add(streams.waiting, "not read yet");
  add(streams.failing, "being tried again");
  return out;
}

// Where nothing flows, however well the API answers: why not.
std::optional<std::string> nothing_flows(const standing& streams) {
  if (streams.with_data() > 0 || streams.all == 0) return std::nullopt;
  if (streams.without < streams.all) return "No data flows yet: " + exceptions(streams) + ".";
  return "No data has come yet: the API has had none for " +
         (streams.all == 1 ? "the stream." : "any of the " + streams_text(streams.all) + ".");
}

std::string flowing(const daemon_status& status) {
  const auto streams = summaries(status);
  if (streams.empty()) return "No stream is configured.";
  if (!has_read(status)) return "Leading; the first answers are awaited.";
  const auto stands = stand(streams, status.now);
  if (const auto none = nothing_flows(stands)) return *none;
  if (stands.at_edge() < stands.all) return "Data flows: " + exceptions(stands) + ".";
  return "Data flows: " + (stands.all == 1 ? "the stream is" : "all " + streams_text(stands.all) + " are") +
         " at the newest data.";
}

std::string flowing_but(const daemon_status& status, std::string_view kind) {
  const auto streams = summaries(status);
  if (!streams.empty() && count_of(streams, stream_state::limit_reached) == streams.size()) {
    const bool spent = status.credits_resume_at || status.credits_left.value_or(0) <= 0 || !status.api_outage;
    return spent ? "Data waits: the day's credits are spent." : "Data waits: the API refuses the key for now.";
  }
  if (!has_read(status)) return "Leading; the first answers are awaited, and something needs attention.";
  const auto stands = stand(streams, status.now);
  if (const auto none = nothing_flows(stands)) return *none;
  const bool some_is_late = std::any_of(streams.begin(), streams.end(), [](const stream_summary& one) {
    return one.lag && one.late_after && *one.lag > one.late_after->count();
  });
  if (kind == "late" && stands.without > 0 && !some_is_late) {
    return "Data flows, but " + streams_text(stands.without) + " of " + std::to_string(stands.all) +
           (stands.without == 1 ? " has" : " have") + " had no data yet.";
  }
  if (kind == "late") return "Data flows, but some of it is late.";
  if (kind == "stream" || kind == "credits") return "Data flows, but not of every stream.";
  if (kind == "configuration") return "Data flows, but by an older configuration than was asked for.";
  return "Data flows, but something needs attention.";
}

}  // namespace

std::string capitalised(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

std::string clock_text(utc_time at) {
  auto text = format_utc_seconds(at);
  text.replace(text.find('T'), 1, " ");
  text.replace(text.find('Z'), 1, " UTC");
  return text;
}

void add_small(std::string& page, std::string_view text) {
  if (!text.empty()) page.append("<small>").append(html_escaped(text)).append("</small>");
}

std::string_view tone_of(stream_state state) {
  switch (state) {
    case stream_state::live:
      return "good";
    case stream_state::catching_up:
      return "info";
    case stream_state::standby:
    case stream_state::starting:
    case stream_state::waiting:
      return "idle";
    case stream_state::retrying:
    case stream_state::limit_reached:
      return "warn";
    case stream_state::bad_key:
    case stream_state::stopped_by_api:
    case stream_state::identity_changed:
    case stream_state::set_apart:
      return "bad";
  }
  return "idle";
}

std::string health_sentence(const daemon_status& status) {
  const auto judged = judge_health(status);
  if (status.role == "stopping") return "Stopping.";
  if (judged.level == health_level::failing) {
    if (status.role == "starting" && judged.reasons.front().kind == "starting") return "Starting.";
    return status.role == "standby" && !status.leader.empty() ? "This instance could not take over." : "No data flows.";
  }
  if (status.role == "standby" && status.leader.empty()) return "Not leading: Kafka is asked for leadership.";
  if (status.role == "standby") return "Standing by: another instance leads; this one takes over when it ends.";
  if (judged.level == health_level::degraded) return flowing_but(status, judged.reasons.front().kind);
  return flowing(status);
}

void add_health(std::string& page, const daemon_status& status) {
  const auto judged = judge_health(status);
  const bool failing = judged.level == health_level::failing;
  const std::string_view tone = failing                                  ? "bad"
                                : judged.level == health_level::degraded ? "warn"
                                : status.role == "leading"               ? "good"
                                                                         : "info";
  page.append("<header><h1>").append(html_escaped(status.deployment)).append("</h1><span class=\"pill mark ");
  page.append(tone).append("\">").append(html_escaped(capitalised(status.role)));
  page.append(failing ? ", not ready" : judged.reasons.empty() ? ", ready" : ", ready, degraded");
  page.append("</span><span class=\"clock soft\">").append(clock_text(status.now)).append("</span></header>");
  page.append("<section class=\"health ").append(tone).append("\" aria-label=\"Health\"><p class=\"sentence\">");
  page.append(html_escaped(health_sentence(status))).append("</p>");
  for (const auto& reason : judged.reasons) {
    if (reason.kind == "starting" || reason.kind == "stopping") continue;
    page.append("<p class=\"reason\"><b>").append(html_escaped(capitalised(reason.what))).append("</b>");
    if (!reason.then.empty()) page.append("<span>").append(html_escaped(capitalised(reason.then))).append(".</span>");
    if (reason.since) add_small(page, "since " + format_utc_seconds(*reason.since));
    page.append("</p>");
  }
  page.append("</section>");
}

}  // namespace oes
