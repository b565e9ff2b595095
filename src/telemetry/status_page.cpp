#include "telemetry/status_page.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "telemetry/health.hpp"
#include "telemetry/human_text.hpp"
#include "telemetry/text.hpp"

namespace oes {
namespace {

// Names of the page's tones (status_page_assets.cpp); words always stand beside a colour.
std::string_view tone(stream_state s) {
  switch (s) {
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

std::string capitalised(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

// 2026-11-23 00:05:12 UTC
std::string clock_text(utc_time at) {
  auto text = format_utc_seconds(at);
  text.replace(text.find('T'), 1, " ");
  text.replace(text.find('Z'), 1, " UTC");
  return text;
}

void add_small(std::string& out, std::string_view text) {
  if (!text.empty()) out.append("<small>").append(html_escaped(text)).append("</small>");
}

void add_header(std::string& out, const daemon_status& status) {
  const auto judged = judge_health(status);
  const std::string_view tone = judged.level == health_level::failing    ? "bad"
                                : judged.level == health_level::degraded ? "warn"
                                : status.role == "leading"               ? "good"
                                                                         : "info";
  out.append("<header><h1>").append(html_escaped(status.deployment)).append("</h1><span class=\"pill mark ");
  out.append(tone).append("\">").append(html_escaped(capitalised(status.role)));
  const bool failing = judged.level == health_level::failing;
  out.append(failing ? ", not ready" : judged.reasons.empty() ? ", ready" : ", ready, degraded");
  out.append("</span><span class=\"clock soft\">");
  out.append(clock_text(status.now)).append("</span></header>");
  for (const auto& reason : judged.reasons) {
    out.append("<p class=\"note ").append(reason.level == health_level::failing ? "bad" : "warn").append("\">");
    out.append(html_escaped(capitalised(line_of(reason)))).append("</p>");
  }
}

void add_fact(std::string& out, std::string_view what, const std::string& value, const std::string& note) {
  out.append("<div><dt>").append(what).append("</dt><dd>").append(value);
  add_small(out, note);
  out.append("</dd></div>");
}

void add_credits(std::string& out, const daemon_status& status) {
  out.append("<div><dt>Credits today</dt><dd>").append(grouped(status.credits_used_today));
  const auto limit = status.credits_per_day.value_or(0);
  if (limit <= 0) {
    add_small(out, status.plan.empty() ? "no daily limit known" : status.plan + " plan");
  } else {
    const auto used = std::clamp<std::int64_t>(status.credits_used_today * 100 / limit, 0, 100);
    const bool scarce = status.stretch > 1.05 && !status.credits_resume_at;
    add_small(out,
              "of " + grouped(limit) + (status.plan.empty() ? "" : ", " + status.plan) +
                  (scarce ? ", polls " + times_text(status.stretch) + " further apart" : "") +
                  (status.credits_resume_at ? ", spent: polls go on at " + format_utc_seconds(*status.credits_resume_at)
                                            : ""));
    const bool spent = used >= 100 || status.credits_resume_at;
    out.append("<span class=\"bar ").append(!spent && used < 80 ? "good" : "warn");
    out.append("\"><i style=\"width:").append(std::to_string(used)).append("%\"></i></span>");
  }
  out.append("</dd></div>");
}

// Told where it matters: the API's time is gone by, or neither can be believed.
void add_clock(std::string& out, const daemon_status& status) {
  if (status.clock != "followed" && status.clock != "refused") return;
  const auto skew = static_cast<std::int64_t>(status.clock_skew_seconds.value_or(0));
  add_fact(out, "This host's clock", duration_words(std::abs(skew)) + (skew > 0 ? " slow" : " fast"),
           status.clock == "followed" ? "going by the API's time" : "too far from the API's: not gone by");
}

void add_facts(std::string& out, const daemon_status& status) {
  const auto live = std::count_if(status.members.begin(), status.members.end(),
                                  [](const auto& m) { return m.second.state == stream_state::live; });
  const auto up = std::chrono::floor<std::chrono::seconds>(status.now - status.started_at).count();
  out.append("<dl>");
  add_fact(out, "Records published", grouped(status.records), "since the start");
  add_fact(out, "Series live", std::to_string(live) + " of " + std::to_string(status.members.size()),
           "streams by metric");
  add_fact(out, "Sequence", grouped(status.sequence), grouped(status.transactions) + " transactions");
  add_credits(out, status);
  add_clock(out, status);
  add_fact(out, "Running for", duration_words(up), grouped(status.requests) + " requests");
  out.append("</dl>");
}

void add_newest(std::string& out, const member_status& member) {
  if (!member.newest) {
    out.append("<span class=\"soft\">none yet</span>");
    return;
  }
  const auto label = split_label(*member.newest);
  out.append("<span title=\"").append(html_escaped(*member.newest)).append("\">");
  out.append(html_escaped(label.time)).append("</span>");
  add_small(out, label.date + (label.offset.empty() ? "" : " " + label.offset));
}

void add_member(std::string& out, const member_status& member, utc_time now) {
  const auto lag = lag_seconds(member, now);
  out.append("<tbody><tr><td><b>").append(html_escaped(member.stream)).append("</b>");
  add_small(out, member.network + " " + member.interval);
  out.append("</td><td>").append(html_escaped(member.metric));
  add_small(out, member.topic);
  out.append("</td><td data-is=\"State\"><span class=\"mark ").append(tone(member.state)).append("\">");
  out.append(words(member.state)).append("</span></td><td data-is=\"Newest interval\">");
  add_newest(out, member);
  out.append("</td><td class=\"n\" data-is=\"Behind\">").append(lag ? duration_words(*lag) : "–");
  out.append("</td><td class=\"n\" data-is=\"Records\">").append(grouped(member.records));
  out.append("</td><td class=\"n\" data-is=\"Open gaps\">").append(grouped(member.open_gaps));
  if (member.given_up_gaps > 0) add_small(out, grouped(member.given_up_gaps) + " given up");
  out.append("</td></tr>");
  if (!member.last_error.empty()) {
    out.append("<tr class=\"why ").append(tone(member.state)).append("\"><td colspan=\"7\">");
    out.append(html_escaped(member.last_error)).append("</td></tr>");
  }
  out.append("</tbody>");
}

void add_members(std::string& out, const daemon_status& status) {
  out.append("<h2>Streams</h2><div class=\"card\">");
  if (status.members.empty()) {
    out.append("<p class=\"none\">No stream has started yet.</p></div>");
    return;
  }
  out.append(
      "<table><thead><tr><th>Stream</th><th>Metric</th><th>State</th><th>Newest interval</th><th "
      "class=\"n\">Behind</th>"
      "<th class=\"n\">Records</th><th class=\"n\">Open gaps</th></tr></thead>");
  for (const auto& [key, member] : status.members) add_member(out, member, status.now);
  out.append("</table></div>");
}

void add_backfill(std::string& out, const daemon_status& status) {
  if (!status.backfill) return;
  const auto& one = *status.backfill;
  out.append("<h2>Backfill</h2><div class=\"card\"><p class=\"job\"><b>")
      .append(html_escaped(one.stream))
      .append("</b> ");
  out.append(html_escaped(one.from)).append(" to ").append(html_escaped(one.to));
  out.append(" <progress max=\"").append(std::to_string(std::max<std::int64_t>(one.chunks, 1)));
  out.append("\" value=\"").append(std::to_string(one.chunks_done)).append("\"></progress> ");
  out.append(grouped(one.chunks_done)).append(" of ").append(grouped(one.chunks)).append(" chunks, ");
  out.append(grouped(one.records)).append(" records from ").append(grouped(one.requests)).append(" requests");
  if (!one.waits_for.empty()) {
    add_small(out, "waits" + (one.until.empty() ? "" : " until " + one.until) + ": " + one.waits_for);
  }
  out.append("</p></div>");
}

void add_recent(std::string& out, const daemon_status& status) {
  out.append("<h2>Newest records</h2><div class=\"card\">");
  if (status.recent.empty()) {
    out.append("<p class=\"none\">Nothing has been published since the start.</p></div>");
    return;
  }
  out.append("<ol>");
  for (const auto& line : status.recent) {
    const auto text = html_escaped(line);
    out.append("<li title=\"").append(text).append("\">").append(text).append("</li>");
  }
  out.append("</ol></div>");
}

void add_footer(std::string& out, const daemon_status& status) {
  out.append("<footer class=\"soft\"><span>openelectricity-stream ").append(html_escaped(status.version));
  out.append("</span><span>Instance ").append(html_escaped(status.instance));
  out.append("</span><span>API ").append(html_escaped(status.api_url));
  out.append("</span><span>Kafka ").append(html_escaped(status.kafka_servers));
  out.append(
      "</span><span><a href=\"metrics\">Metrics</a></span><span><a href=\"status.json\">Status as JSON</a></span>"
      "</footer>");
}

}  // namespace

std::string status_page(const daemon_status& status) {
  std::string out =
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>";
  out.append(html_escaped(status.deployment)).append(": ").append(html_escaped(status.role)).append("</title>");
  out.append(
      "<link rel=\"icon\" href=\"data:,\"><noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript><style>");
  out.append(status_page_style()).append("</style></head><body><div id=\"live\"><main>");
  add_header(out, status);
  add_facts(out, status);
  add_members(out, status);
  add_backfill(out, status);
  add_recent(out, status);
  out.append("</main>");
  add_footer(out, status);
  out.append(
      "</div><main id=\"lost\"><p class=\"note bad\">The daemon does not answer; what you see is the last it said.");
  out.append("</p></main><script>").append(status_page_script()).append("</script></body></html>\n");
  return out;
}

}  // namespace oes
