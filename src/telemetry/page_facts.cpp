#include <algorithm>
#include <cstdlib>
#include <set>

#include "telemetry/human_text.hpp"
#include "telemetry/page_parts.hpp"
#include "telemetry/text.hpp"

namespace oes {
namespace {

void add_fact(std::string& page, std::string_view what, const std::string& value,
              const std::vector<std::string>& notes) {
  page.append("<div><dt>").append(what).append("</dt><dd>").append(html_escaped(value));
  for (const auto& note : notes) add_small(page, note);
  page.append("</dd></div>");
}

std::string ago(const std::optional<utc_time>& at, utc_time now) {
  if (!at) return "none yet";
  return duration_words(std::chrono::floor<std::chrono::seconds>(now - *at).count()) + " ago";
}

std::string projection(const daemon_status& status) {
  const auto by_then = credits_by_day_end(status);
  if (!by_then || !status.credits_day_ends) return {};
  return "about " + grouped(*by_then) + " by " + format_utc_seconds(*status.credits_day_ends).substr(11, 5) + " UTC";
}

void add_credits(std::string& page, const daemon_status& status) {
  page.append("<div><dt>Credits today</dt><dd>").append(grouped(status.credits_used_today));
  const auto limit = status.credits_per_day.value_or(0);
  if (limit <= 0) {
    add_small(page, status.plan.empty() ? "no daily limit known" : status.plan + " plan");
    page.append("</dd></div>");
    return;
  }
  const auto used = std::clamp<std::int64_t>(status.credits_used_today * 100 / limit, 0, 100);
  const bool spent = used >= 100 || status.credits_resume_at;
  const bool scarce = status.stretch > 1.05 && !spent;
  page.append("<svg class=\"bar ").append(!spent && used < 80 ? "good" : "warn");
  page.append(
      "\" viewBox=\"0 0 100 4\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"all\" width=\"100\" "
      "height=\"4\"/><rect width=\"");
  page.append(std::to_string(used)).append("\" height=\"4\"/></svg>");
  add_small(page, "of " + grouped(limit) + (status.plan.empty() ? "" : ", " + status.plan + " plan"));
  if (status.credits_resume_at) {
    add_small(page, "spent: polls go on at " + format_utc_seconds(*status.credits_resume_at));
  } else {
    add_small(page, projection(status));
  }
  if (scarce) add_small(page, "scarce: polls " + times_text(status.stretch) + " further apart");
  page.append("</dd></div>");
}

void add_kafka(std::string& page, const daemon_status& status) {
  const auto& kafka = status.kafka;
  std::int64_t replaced = 0;
  for (const auto& [reason, times] : kafka.producers_replaced) replaced += times;
  std::vector<std::string> notes{grouped(status.transactions) + " transactions"};
  if (kafka.told_at) {
    notes.push_back(std::to_string(kafka.brokers_up) + " of " + std::to_string(kafka.brokers) +
                    (kafka.brokers == 1 ? " broker" : " brokers") + " connected");
  }
  notes.push_back(replaced == 0 ? "no producer replaced"
                                : grouped(replaced) + (replaced == 1 ? " producer replaced" : " producers replaced"));
  add_fact(page, "Last commit to Kafka", ago(kafka.last_commit, status.now), notes);
}

void add_leader(std::string& page, const daemon_status& status) {
  const bool is_us = status.role == "leading";
  const auto who = is_us ? "This instance" : !status.leader.empty() ? "Another instance" : "Not known";
  std::vector<std::string> notes;
  if (!status.leader.empty()) notes.push_back(status.leader);
  if (!is_us && !status.instance.empty()) notes.push_back("this one is " + status.instance);
  add_fact(page, "Led by", who, notes);
}

void add_configuration(std::string& page, const daemon_status& status) {
  const auto& known = status.config;
  std::vector<std::string> notes;
  if (!known.differs.empty()) notes.push_back("reload to take its file: " + known.differs);
  if (known.reloaded_at) notes.push_back(ago(known.reloaded_at, status.now) + ": " + known.outcome);
  if (notes.empty()) return;
  const auto* value = known.refused ? "Reload refused" : known.differs.empty() ? "As its file" : "File differs";
  add_fact(page, "Configuration", value, notes);
}

// Told where it matters: the daemon goes by the API's time, or neither can be believed.
void add_clock(std::string& page, const daemon_status& status) {
  if (status.clock != "followed" && status.clock != "refused") return;
  const auto skew = static_cast<std::int64_t>(status.clock_skew_seconds.value_or(0));
  add_fact(page, "This host's clock", duration_words(std::abs(skew)) + (skew > 0 ? " slow" : " fast"),
           {status.clock == "followed" ? "going by the API's time" : "too far from the API's: not followed"});
}

}  // namespace

std::optional<std::int64_t> credits_by_day_end(const daemon_status& status) {
  if (!status.credits_day_ends) return std::nullopt;
  const auto left = std::chrono::duration<double>(*status.credits_day_ends - status.now).count();
  std::set<std::pair<std::string, std::string>> groups;
  double wanted = 0;
  for (const auto& [key, member] : status.members) {
    if (!member.polled_every || member.polled_every->count() <= 0) continue;
    if (!groups.emplace(member.group, member.dataset).second) continue;
    wanted += left / static_cast<double>(member.polled_every->count());
  }
  if (groups.empty() || left <= 0) return std::nullopt;
  const auto sum = status.credits_used_today + static_cast<std::int64_t>(wanted);
  return status.credits_per_day ? std::min(sum, *status.credits_per_day) : sum;
}

void add_facts(std::string& page, const daemon_status& status) {
  const auto up = std::chrono::floor<std::chrono::seconds>(status.now - status.started_at).count();
  page.append("<dl aria-label=\"The daemon\">");
  add_fact(page, "Records published", grouped(status.records),
           {"since the start " + duration_words(up) + " ago", grouped(status.requests) + " requests"});
  add_credits(page, status);
  add_kafka(page, status);
  add_leader(page, status);
  add_configuration(page, status);
  add_clock(page, status);
  page.append("</dl>");
}

void add_backfill(std::string& page, const daemon_status& status) {
  if (!status.backfill) return;
  const auto& one = *status.backfill;
  page.append("<h2>Backfill</h2><div class=\"card\"><p class=\"job\"><b>")
      .append(html_escaped(one.stream))
      .append("</b> ");
  page.append(html_escaped(one.from)).append(" to ").append(html_escaped(one.to));
  page.append(" <progress aria-label=\"Chunks done\" max=\"")
      .append(std::to_string(std::max<std::int64_t>(one.chunks, 1)));
  page.append("\" value=\"").append(std::to_string(one.chunks_done)).append("\"></progress> ");
  page.append(grouped(one.chunks_done)).append(" of ").append(grouped(one.chunks)).append(" chunks, ");
  page.append(grouped(one.records)).append(" records from ").append(grouped(one.requests)).append(" requests");
  if (!one.waits_for.empty()) {
    add_small(page, "waits" + (one.until.empty() ? "" : " until " + one.until) + ": " + one.waits_for);
  }
  page.append("</p></div>");
}

void add_events(std::string& page, const daemon_status& status) {
  constexpr std::size_t shown = 50;
  page.append("<h2 id=\"events\">Events of the last day</h2><div class=\"card\">");
  if (status.events.empty()) {
    page.append("<p class=\"none\">Nothing out of the ordinary.</p></div>");
    return;
  }
  page.append("<ol class=\"events scrolls\" tabindex=\"0\" role=\"list\" aria-labelledby=\"events\">");
  for (std::size_t i = 0; i < std::min(shown, status.events.size()); ++i) {
    const auto& event = status.events[i];
    const auto tone = event.what == daemon_event::kind::trouble    ? "warn"
                      : event.what == daemon_event::kind::recovery ? "good"
                                                                   : "info";
    page.append("<li><time>").append(clock_text(event.at)).append("</time><span class=\"mark ").append(tone);
    page.append("\">").append(capitalised(std::string(name(event.what)))).append("</span><span>");
    page.append(html_escaped(capitalised(event.text))).append("</span></li>");
  }
  page.append("</ol></div>");
}

}  // namespace oes
