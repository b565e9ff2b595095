#include "simulator/oracle.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "simulator/aggregation.hpp"
#include "simulator/availability.hpp"
#include "simulator/buckets.hpp"
#include "simulator/json_text.hpp"
#include "simulator/python_number.hpp"

namespace oes::sim {
namespace {

constexpr std::size_t most_moments = 20000;

std::variant<series_query, bad_question> read_question(const target& asked) {
  series_query q;
  const auto net = parse_network(asked.last("network").value_or(""));
  const auto* metric = find_metric_entry(asked.last("metric").value_or(""));
  const auto size = parse_interval_size(asked.last("interval").value_or("5m"));
  const auto label = parse_network_time(asked.last("label").value_or("").substr(0, 19));
  if (!net) return bad_question{"network must be NEM, WEM or AU"};
  if (metric == nullptr || !metric->plan) return bad_question{"unknown metric"};
  if (!size || *size == interval_size::season || *size == interval_size::fy) return bad_question{"bad interval"};
  if (!label || bucket_label(*label, *size) != *label) return bad_question{"label must be a bucket's label"};
  q.net = *net;
  q.metrics = {metric};
  q.interval = *size;
  q.start = *label;
  q.end = bucket_add(*label, *size, 1);
  q.kind = metric->plan->from == table::market ? query_kind::market : query_kind::data;
  q.network_region = asked.last("region").value_or("");
  if (!q.network_region.empty()) q.primary = primary_grouping::network_region;
  q.fueltechs = asked.all("fueltech");
  q.fueltech_groups = asked.all("fueltech_group");
  q.facility_codes = asked.all("facility_code");
  q.unit_codes = asked.all("unit_code");
  return q;
}

// Every instant at which a row of the query's networks changes; too many is nullopt.
std::optional<std::set<utc_time>> moments(const world& w, const realism& how, const series_query& q) {
  std::set<utc_time> all;
  const auto add = [&](const row_group& rows) {
    for (auto label = q.start; label < q.end; label += std::chrono::minutes(5)) {
      const auto life = timeline_of(rows, label, how);
      for (const auto& c : life.changes()) all.insert(c.at);
    }
  };
  if (q.kind == query_kind::market) {
    for (const auto& r : w.regions) {
      if (in_network(r, q.net) && (q.network_region.empty() || q.network_region == r.code)) add(group_of(r));
    }
  } else {
    for (const auto& c : w.cells) {
      const bool fueltech_wanted = q.fueltechs.empty() || std::find(q.fueltechs.begin(), q.fueltechs.end(),
                                                                    c.fueltech->code) != q.fueltechs.end();
      if (in_network(c, q.net) && fueltech_wanted && (q.network_region.empty() || q.network_region == c.region)) {
        add(group_of(c));
      }
    }
  }
  if (all.size() > most_moments) return std::nullopt;
  return all;
}

std::string value_json(double value) {
  if (std::isnan(value)) return "null";
  std::string text;
  append_python_number(text, value);
  return json_string(text);
}

}  // namespace

std::variant<std::string, bad_question> point_history(const world& w, const realism& how, const target& asked) {
  const auto question = read_question(asked);
  if (const auto* bad = std::get_if<bad_question>(&question)) return *bad;
  const auto& q = std::get<series_query>(question);
  const auto when = moments(w, how, q);
  if (!when) return bad_question{"too many changes: ask for a smaller interval"};
  std::string out = R"({"history":[)";
  std::string last;
  for (const auto at : *when) {
    const auto all = run_query(w, how, q, at);
    if (all.empty()) continue;
    auto value = value_json(all.front().values.front());
    if (value == last) continue;
    if (!last.empty()) out += ',';
    out += R"({"from":)" + json_string(format_utc(at)) + R"(,"value":)" + value + "}";
    last = std::move(value);
  }
  return out + "]}";
}

}  // namespace oes::sim
