// The texts of a migration: the configuration, and what to do now.
#include <algorithm>
#include <cmath>

#include "config/nearest.hpp"
#include "config/quantity.hpp"
#include "migrate/migration.hpp"
#include "model/plan_limits.hpp"
#include "model/utf8.hpp"

namespace oes {
namespace {

constexpr std::size_t line_length = 116;

std::string wrapped(std::string_view text, const std::string& first, const std::string& next) {
  std::string out;
  std::string line = first;
  bool fresh = true;
  while (!text.empty()) {
    const auto blank = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, blank);
    if (!fresh && line.size() + 1 + word.size() > line_length) {
      out += line + "\n";
      line = next;
      fresh = true;
    }
    if (!fresh) line += ' ';
    line += word;
    fresh = false;
    text.remove_prefix(std::min(blank + 1, text.size()));
  }
  return out + line + "\n";
}

// In quotes, with what the configuration would expand made a dollar sign again; it holds no control character.
std::string yaml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '$') out += '$';
    out += c;
  }
  return out + "\"";
}

// As a shell takes it for one word.
std::string shell_word(const std::string& text) {
  const auto is_plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("/._-+@%,:=").find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), is_plain)) return text;
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

std::string config_option(const std::string& file) { return file.empty() ? "" : " -c " + printable(shell_word(file)); }

std::string stream_text(const migrated_stream& one) {
  std::string out;
  for (const auto& remark : one.remarks) out += wrapped(remark, "  # - ", "  #   ");
  const auto put = [&out](const std::string& key, std::string_view value) {
    out.append("    ").append(key).append(": ").append(value).append("\n");
  };
  out += "  - name: " + one.name + "\n";
  put("network_code", code(one.net));
  put("metrics", "[" + listed(one.metrics) + "]");
  put("interval", code(one.interval));
  if (one.primary != primary_grouping::network) put("primary_grouping", code(one.primary));
  if (one.secondary != secondary_grouping::none) put("secondary_grouping", code(one.secondary));
  put("start", one.start);
  const auto long_interval = fixed_step(one.interval).value_or(std::chrono::hours(24)) >= std::chrono::hours(24);
  if (long_interval) put("trigger", "6h");
  if (one.batch_size_hours) put("batch_size_hours", format_number(*one.batch_size_hours));
  put("revisions", "first");
  if (one.own_topic) put("topic", "openelectricity.{dataset}.{interval}.{stream}.v1");
  if (one.wide) out += "    record:\n      shape: wide\n";
  return out;
}

std::string quoted_time(network_time t, network n) { return "TIMESTAMP '" + format(t, utc_offset(n)) + "'"; }

std::string backfill_line(const migrated_stream& one, const std::string& file) {
  return "openelectricity-stream backfill" + config_option(file) + " --stream " + one.name + " --from " +
         format(one.cut->hole_since, utc_offset(one.net)) + " --to " + format(one.cut->start, utc_offset(one.net));
}

std::string delete_line(network net, const std::string& which) {
  return "       DELETE FROM old_table WHERE network_code = '" + std::string(code(net)) + "' AND " + which + ";\n";
}

std::string delete_line(network net, network_time from) {
  return delete_line(net, "interval >= " + quoted_time(from, net));
}

std::string delete_line(network net, const std::vector<std::string>& regions) {
  std::string names;
  for (const auto& one : regions) names += (names.empty() ? "'" : ", '") + one + "'";
  return delete_line(net, "network_region IN (" + names + ")");
}

std::string cut_over_text(const migration& plan, const std::string& file) {
  std::string cuts;
  std::string holes;
  std::string backfills;
  std::string strays;
  std::string refusals;
  for (const auto& cut : plan.cuts) {
    if (!cut.refusal.empty()) {
      refusals += wrapped("No DELETE for " + std::string(code(cut.net)) + ": " + cut.refusal, "", "  ");
      continue;
    }
    cuts += delete_line(cut.net, cut.start);
    if (!cut.strays.empty()) strays += delete_line(cut.net, cut.strays);
    if (cut.hole_since == cut.start) continue;
    holes += delete_line(cut.net, cut.hole_since);
    for (const auto& one : plan.streams) {
      if (one.cut && one.net == cut.net) backfills += "       " + backfill_line(one, file) + "\n";
    }
  }
  if (!refusals.empty()) refusals = "\n" + refusals;
  if (cuts.empty()) return refusals;
  std::string out =
      "\nCut-over of a Delta table (here old_table), exact to the row: what the streams publish begins where the "
      "deleted rows began.\n"
      "  1. Stop the old job.\n"
      "  2. In Spark SQL:\n"
      "       DELETE FROM old_table WHERE interval IS NULL;\n" +
      cuts +
      "  3. Start the daemon, and append the 22 columns of its topics to the table: startingOffsets earliest, "
      "read_committed, a new checkpoint (docs/spark.md).\n";
  if (!holes.empty()) {
    out +=
        "Holes before that (look for them before step 2: the rows where interval IS NULL): migrate again with --since, "
        "the time where the table or the hole begins. Or publish the range again, and delete from its beginning in "
        "step 2 instead:\n" +
        backfills + holes;
  }
  if (!strays.empty()) {
    out +=
        "Rows of no region, which the old source made of a series' name (above); they may go at any time:\n" + strays;
  }
  return out + refusals;
}

std::string credits_text(double requests) {
  const auto limits = limits_of("COMMUNITY");
  const auto credits = limits.credits_per_day.value_or(0);
  std::string out = "credits a day: about " + format_number(std::ceil(requests)) +
                    " at the live edge; the free plan has " + std::to_string(credits) +
                    ", of which the daemon spends 90 %";
  if (requests > static_cast<double>(credits) * 0.9) {
    out += ": polls then come less often by themselves, or set a longer trigger:";
  }
  return out + "\n";
}

}  // namespace

std::string configuration_text(const migration& plan, const std::string& made_by) {
  std::string out = "# Made by `openelectricity-stream migrate` " + made_by + ".\n";
  for (const auto& remark : plan.remarks) out += wrapped(remark, "# - ", "#   ");
  out +=
      "\napi:\n"
      "  # The key itself is never written here. From the environment, or from a file that only the daemon may read:\n"
      "  #api_key_file: /etc/openelectricity-stream/api_key\n"
      "  api_key: ${OPENELECTRICITY_API_KEY:-}\n";
  if (!plan.base_url.empty()) out += "  base_url: " + yaml_text(plan.base_url) + "\n";
  out +=
      "\nkafka:\n"
      "  bootstrap_servers: ${KAFKA_BOOTSTRAP_SERVERS:-localhost:9092}\n"
      "  # Topics that are missing are made.\n"
      "  create_topics: all\n"
      "\n# revisions: first, as the old source had it: each point once, with its first value, so that an append finds "
      "no\n"
      "# row twice. Values are corrected for days: `revisions: all` and a MERGE on the key keep the newest "
      "(docs/spark.md).\n"
      "# trigger: was Spark's there; 5m, but 6h for intervals of a day and more.\n"
      "# progress_path: a folder of the daemon's own; leave the old job's progress.json where it is.\n"
      "streams:\n";
  for (const auto& one : plan.streams) out += stream_text(one);
  return out;
}

std::string migration_advice(const migration& plan, const migration_cost& cost, const std::string& file) {
  std::string topics;
  for (const auto& topic : cost.topics) topics += (topics.empty() ? "" : ",") + topic;
  std::string out = "subscribe:     .option(\"subscribe\", \"" + topics + "\")\n" + credits_text(cost.requests_a_day);
  for (const auto& remark : plan.remarks) out += wrapped(remark, "note:          ", "               ");
  for (const auto& one : plan.streams) {
    out += "\nstream " + one.name + "\n";
    for (const auto& remark : one.remarks) out += wrapped(remark, "  - ", "    ");
  }
  out += cut_over_text(plan, file);
  const auto option = file.empty() ? " -c FILE" : config_option(file);
  out += std::string("\nNow: ") + (file.empty() ? "save the configuration above as FILE, then " : "") +
         "openelectricity-stream check-config" + option + " --connect, then openelectricity-stream run" + option + "\n";
  return out;
}

}  // namespace oes
