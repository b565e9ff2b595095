#include <algorithm>
#include <cmath>
#include <set>

#include "telemetry/human_text.hpp"
#include "telemetry/page_memory.hpp"
#include "telemetry/page_parts.hpp"
#include "telemetry/text.hpp"

namespace oes {
namespace {

// Of five minutes each, three make a column of a small line: a pixel or so.
constexpr std::size_t steps_in_column = 3;
constexpr std::size_t columns = page_history::steps / steps_in_column;
constexpr int height = 22;

std::vector<std::int32_t> in_columns(const std::array<std::int32_t, page_history::steps>& values) {
  std::vector<std::int32_t> out(columns, page_history::unknown);
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto& column = out[i / steps_in_column];
    column = std::max(column, values[i]);
  }
  return out;
}

std::string one_decimal(double value) {
  auto text = std::to_string(std::llround(value * 10));
  if (text.size() == 1) text.insert(0, 1, '0');
  return text.substr(0, text.size() - 1) + "." + text.back();
}

void add_line(std::string& page, const std::vector<std::int32_t>& values, double top, const std::string& says) {
  page.append("<svg class=\"spark\" viewBox=\"0 0 ").append(std::to_string(columns)).append(" ");
  page.append(std::to_string(height)).append("\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"");
  page.append(html_escaped(says)).append("\"><path d=\"");
  bool drawing = false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] < 0) {
      drawing = false;
      continue;
    }
    const auto y = height - 1 - std::min(values[i] / top, 1.0) * (height - 2);
    page.append(drawing ? "L" : "M").append(std::to_string(i)).append(" ").append(one_decimal(y));
    if (!drawing) page.append("h.9");
    drawing = true;
  }
  page.append("\"/></svg>");
}

void add_lag_line(std::string& page, const stream_summary& one, const page_history::line& day) {
  const auto values = in_columns(day.lag);
  const auto most = *std::max_element(values.begin(), values.end());
  if (most < 0) return;
  const auto usual = one.late_after ? static_cast<double>(one.late_after->count()) : 0.0;
  add_line(page, values, std::max({usual, static_cast<double>(most), 1.0}),
           "Behind in 24 h: at most " + duration_words(most));
}

void add_rate_line(std::string& page, const page_history::line& day) {
  const auto values = in_columns(day.records);
  const auto most = *std::max_element(values.begin(), values.end());
  if (most < 0) return;
  add_line(page, values, std::max(static_cast<double>(most), 1.0),
           "Records a minute in 24 h: at most " + grouped(most / (page_history::step / std::chrono::minutes(1))));
}

std::string metrics_of(const stream_summary& one) {
  std::string out;
  for (const auto* member : one.members) {
    const auto& metric = member->metric == "*" ? std::string("wide records of " + member->dataset) : member->metric;
    out.append(out.empty() ? "" : ", ").append(metric);
  }
  return out;
}

std::string topics_of(const stream_summary& one) {
  std::set<std::string> all;
  for (const auto* member : one.members) all.insert(member->topic);
  std::string out;
  for (const auto& topic : all) out.append(out.empty() ? "" : ", ").append(topic);
  return out;
}

void add_newest(std::string& page, const stream_summary& one) {
  if (one.slowest == nullptr || !one.slowest->newest) {
    page.append("<span class=\"soft\">none yet</span>");
    return;
  }
  const auto label = split_label(*one.slowest->newest);
  page.append(html_escaped(label.time));
  add_small(page, label.date + (label.offset.empty() ? "" : " " + label.offset));
}

void add_lag(std::string& page, const stream_summary& one) {
  if (!is_read_here(one.state)) {
    page.append("<span class=\"soft\">–</span>");
    return;
  }
  const bool late = one.lag && one.late_after && *one.lag > one.late_after->count();
  page.append(late ? "<b class=\"late\">" : "<b>").append(one.lag ? duration_words(*one.lag) : "–").append("</b>");
  if (late) add_small(page, "late: " + duration_words(one.late_after->count()) + " is unusual");
  if (!late && one.expected_lag) add_small(page, "up to " + duration_words(one.expected_lag->count()) + " expected");
}

std::string next_text(const stream_summary& one, utc_time now) {
  if (!one.next_poll) return "–";
  const auto in = std::chrono::ceil<std::chrono::seconds>(*one.next_poll - now).count();
  return in <= 0 ? "now" : "in " + duration_words(in);
}

void add_why(std::string& page, const stream_summary& one) {
  std::set<std::string> told;
  for (const auto* member : one.members) {
    if (member->last_error.empty() || !told.insert(member->last_error).second) continue;
    const bool all = one.members.size() == 1 || one.members.front()->last_error == one.members.back()->last_error;
    page.append("<p class=\"why ").append(tone_of(member->state)).append("\">");
    page.append(html_escaped(all ? member->last_error : member->metric + ": " + member->last_error)).append("</p>");
  }
}

void add_row(std::string& page, const stream_summary& one, const daemon_status& status) {
  const auto day = status.page != nullptr ? status.page->lines.of(one.name) : std::nullopt;
  const auto& first = *one.members.front();
  const auto until_next =
      one.next_poll ? std::chrono::floor<std::chrono::seconds>(*one.next_poll - status.now).count() : 0;
  page.append("<tr data-key=\"").append(html_escaped(one.name));
  page.append("\" data-state=\"").append(std::to_string(static_cast<int>(one.state)));
  page.append("\" data-lag=\"").append(std::to_string(one.lag.value_or(-1)));
  page.append("\" data-next=\"").append(std::to_string(until_next));
  page.append("\"><th scope=\"row\">").append(html_escaped(one.name));
  add_small(page, first.network + (first.interval.empty() ? "" : ", " + first.interval) + ", " + metrics_of(one));
  add_small(page, topics_of(one));
  page.append("</th><td data-is=\"State\"><span class=\"mark ").append(tone_of(one.state)).append("\">");
  page.append(words(one.state)).append("</span>");
  add_why(page, one);
  page.append("</td><td data-is=\"Newest interval\">");
  add_newest(page, one);
  page.append("</td><td class=\"n\" data-is=\"Behind\">");
  add_lag(page, one);
  if (day) add_lag_line(page, one, *day);
  page.append("</td><td class=\"n\" data-is=\"Next poll\">").append(next_text(one, status.now));
  if (one.granted) add_small(page, "every " + duration_text(*one.granted));
  page.append("</td><td class=\"n\" data-is=\"Records\"><b>").append(grouped(one.records)).append("</b>");
  if (one.revised > 0) add_small(page, grouped(one.revised) + " revised");
  if (day) add_rate_line(page, *day);
  page.append("</td><td class=\"n\" data-is=\"Open gaps\">").append(grouped(one.open_gaps));
  if (one.given_up_gaps > 0) add_small(page, grouped(one.given_up_gaps) + " given up");
  page.append("</td></tr>");
}

// Of use, and shown, where a script can run.
void add_tools(std::string& page, std::size_t streams) {
  page.append(
      "<form id=\"tools\" class=\"tools\" hidden><label>Filter <input id=\"filter\" type=\"search\" "
      "autocomplete=\"off\" "
      "placeholder=\"name, network, metric, state\"></label><label>Sort by <select id=\"sort\">"
      "<option value=\"\">name</option><option value=\"state\">state, worst first</option>"
      "<option value=\"lag\">farthest behind</option><option value=\"next\">next poll</option></select></label>"
      "<output id=\"count\" for=\"filter\">");
  page.append(std::to_string(streams)).append(streams == 1 ? " stream" : " streams").append("</output></form>");
}

}  // namespace

void add_streams(std::string& page, const daemon_status& status) {
  const auto streams = summaries(status);
  page.append("<div class=\"head\"><h2 id=\"streams\">Streams</h2>");
  if (streams.size() > 1) add_tools(page, streams.size());
  page.append("</div><div class=\"card\">");
  if (streams.empty()) {
    page.append("<p class=\"none\">No stream is configured.</p></div>");
    return;
  }
  page.append(
      "<table aria-labelledby=\"streams\"><thead><tr><th scope=\"col\">Stream</th><th scope=\"col\">State</th>"
      "<th scope=\"col\">Newest interval</th><th scope=\"col\" class=\"n\">Behind, 24 h</th><th scope=\"col\" "
      "class=\"n\">Next poll</th><th scope=\"col\" class=\"n\">Records, 24 h</th><th scope=\"col\" class=\"n\">Open "
      "gaps</th></tr></thead><tbody id=\"rows\">");
  for (const auto& one : streams) add_row(page, one, status);
  page.append("</tbody></table></div>");
}

}  // namespace oes
