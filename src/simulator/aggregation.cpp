#include "simulator/aggregation.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "simulator/accumulator.hpp"
#include "simulator/availability.hpp"
#include "simulator/buckets.hpp"
#include "simulator/values.hpp"

namespace oes::sim {
namespace {

constexpr auto row_step = std::chrono::minutes(5);

// A series while it grows.
struct growing {
  explicit growing(const series_query& q) : sums(q.metrics) {}
  grouped_series series;
  accumulator sums;
  network_time bucket;

  void close_bucket() {
    if (!sums.filled()) return;
    series.at.push_back(bucket);
    sums.close_bucket(series.values);
  }
};

// A source of rows and the series that it feeds.
struct feeder {
  row_group rows;
  const cell* units = nullptr;
  const region_info* region = nullptr;
  std::vector<std::pair<const unit_info*, std::size_t>> into;  // unit (null for a region) → series
};

std::string join(std::string_view left, std::string_view right) {
  if (left.empty()) return std::string(right);
  return std::string(left).append("|").append(right);
}

void label_secondary(group_labels& labels, std::string& key, const cell& c, secondary_grouping by) {
  switch (by) {
    case secondary_grouping::none:
      return;
    case secondary_grouping::fueltech:
      labels.fueltech = c.fueltech->code;
      break;
    case secondary_grouping::fueltech_group:
      labels.fueltech_group = c.fueltech->group;
      break;
    case secondary_grouping::status:
      labels.status = "operating";
      break;
    case secondary_grouping::renewable:
      labels.renewable = c.fueltech->renewable ? 't' : 'f';
      break;
  }
  const std::string flag = labels.renewable == 't' ? "True" : "False";
  key = join(key, by == secondary_grouping::renewable ? flag : labels.fueltech + labels.fueltech_group + labels.status);
}

bool by_season(network_time a, network_time b) {
  return bucket_label(a, interval_size::season) < bucket_label(b, interval_size::season);
}

class query_run {
 public:
  query_run(const world& w, const realism& how, const series_query& q, utc_time now)
      : world_(w), how_(how), query_(q), now_(now) {
    if (q.kind == query_kind::market) {
      plan_regions();
    } else {
      plan_cells();
    }
  }

  std::vector<grouped_series> run() {
    const auto start = std::max(query_.start, world_.history_start);
    const auto newest = newest_possible_label(query_.from(), query_.net == network::wem ? network::wem : network::nem,
                                              now_ + std::chrono::hours(1));
    auto label = network_time(start.time_since_epoch() - start.time_since_epoch() % row_step);
    if (label < start) label += row_step;
    std::vector<network_time> rows;
    for (; label < query_.end && label <= newest; label += row_step) rows.push_back(label);
    // A summer's label gathers January, February and December of a year: the only bucket that is not in one piece.
    if (query_.interval == interval_size::season) std::stable_sort(rows.begin(), rows.end(), by_season);
    for (const auto row : rows) add_label(row);
    std::vector<grouped_series> all;
    for (auto& [key, g] : series_) {
      g.close_bucket();
      if (!g.series.at.empty()) all.push_back(std::move(g.series));
    }
    return all;
  }

 private:
  std::size_t series_of(const std::string& order, std::string key, const group_labels& labels) {
    for (std::size_t i = 0; i < series_.size(); ++i) {
      if (series_[i].first == order) return i;
    }
    auto& added = series_.emplace_back(order, growing(query_)).second;
    added.series.key = key.empty() ? "total" : std::move(key);
    added.series.labels = labels;
    return series_.size() - 1;
  }

  void plan_regions() {
    for (const auto& region : world_.regions) {
      if (!in_network(region, query_.net)) continue;
      if (!query_.network_region.empty() && region.code != query_.network_region) continue;
      group_labels labels;
      if (query_.primary == primary_grouping::network_region) labels.region = region.code;
      feeders_.push_back(
          {group_of(region), nullptr, &region, {{nullptr, series_of(labels.region, labels.region, labels)}}});
    }
  }

  void plan_cells() {
    for (const auto& c : world_.cells) {
      if (!in_network(c, query_.net) || !wanted(query_.fueltechs, c.fueltech->code) ||
          !wanted(query_.fueltech_groups, c.fueltech->group)) {
        continue;
      }
      if (!query_.network_region.empty() && c.region != query_.network_region) continue;
      feeder f{group_of(c), &c, nullptr, {}};
      for (const auto& unit : c.units) {
        if (unit.retired || !wanted(query_.facility_codes, unit.facility) || !wanted(query_.unit_codes, unit.code)) {
          continue;
        }
        f.into.emplace_back(&unit, series_for(c, unit));
      }
      if (!f.into.empty()) feeders_.push_back(std::move(f));
    }
  }

  std::size_t series_for(const cell& c, const unit_info& unit) {
    group_labels labels;
    std::string key;
    if (query_.kind == query_kind::facility) {
      // Units are labelled only when facilities were named; otherwise they end up in one series (see merge_units).
      if (!query_.facility_codes.empty()) labels.unit_code = key = unit.code;
      return series_of(unit.code, key, labels);
    }
    if (query_.primary == primary_grouping::network_region) labels.region = key = c.region;
    label_secondary(labels, key, c, query_.secondary);
    return series_of(key, key, labels);
  }

  void add_label(network_time label) {
    const auto bucket = bucket_label(label, query_.interval);
    touched_.clear();
    for (const auto& f : feeders_) {
      const auto state = state_at(timeline_of(f.rows, label, how_), now_);
      if (!state.present) continue;
      for (const auto& [unit, index] : f.into) add_row(f, unit, series_[index].second, label, bucket, state);
    }
    for (auto* g : touched_) g->sums.close_label();
  }

  void add_row(const feeder& f, const unit_info* unit, growing& into, network_time label, network_time bucket,
               const row_state& state) {
    if (into.bucket != bucket) {
      into.close_bucket();
      into.bucket = bucket;
    }
    if (unit != nullptr) {
      into.sums.add_row(unit_values(*f.units, *unit, label, state, how_.seed, world_.fixed));
    } else {
      into.sums.add_row(market_values(*f.region, label, state, how_.seed));
    }
    if (touched_.empty() || touched_.back() != &into) touched_.push_back(&into);
  }

  const world& world_;
  const realism& how_;
  const series_query& query_;
  utc_time now_;
  std::vector<std::pair<std::string, growing>> series_;
  std::vector<feeder> feeders_;
  std::vector<growing*> touched_;
};

// The server's own behaviour without facility_code: all units' points in one series, labels repeated.
grouped_series merge_units(const std::vector<grouped_series>& all, std::size_t metrics) {
  std::vector<std::pair<network_time, const double*>> points;
  for (const auto& s : all) {
    for (std::size_t i = 0; i < s.at.size(); ++i) points.emplace_back(s.at[i], s.values.data() + i * metrics);
  }
  std::stable_sort(points.begin(), points.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  grouped_series merged;
  merged.key = "total";
  for (const auto& [at, values] : points) {
    merged.at.push_back(at);
    merged.values.insert(merged.values.end(), values, values + metrics);
  }
  return merged;
}

// Null points between a series' first and last: what the API has filled since 4.5.11.
void fill_gaps(grouped_series& s, interval_size size, std::size_t metrics) {
  if (s.at.size() < 2) return;
  const auto expected = labels_between(s.at.front(), s.at.back(), size);
  if (expected.size() == s.at.size()) return;
  std::vector<network_time> at;
  std::vector<double> values;
  std::size_t next = 0;
  for (const auto label : expected) {
    const bool there = next < s.at.size() && s.at[next] == label;
    for (; next < s.at.size() && s.at[next] <= label; ++next) {
      at.push_back(s.at[next]);
      const auto from = s.values.begin() + static_cast<std::ptrdiff_t>(next * metrics);
      values.insert(values.end(), from, from + static_cast<std::ptrdiff_t>(metrics));
    }
    if (there) continue;
    at.push_back(label);
    values.insert(values.end(), metrics, std::numeric_limits<double>::quiet_NaN());
  }
  s.at = std::move(at);
  s.values = std::move(values);
}

}  // namespace

bool in_network(const cell& c, network asked) {
  // AU joins NEM and WEM on the naive label, without WEM's rooftop (api.md §4).
  if (asked == network::au) return c.net == network::nem || !c.rooftop();
  return c.net == asked;
}

bool in_network(const region_info& r, network asked) { return asked == network::au || r.net == asked; }

row_group group_of(const cell& c) { return {table::data, c.net, c.identity, c.region_identity, c.rooftop()}; }

row_group group_of(const region_info& r) { return {table::market, r.net, r.identity, r.identity, false}; }

std::vector<grouped_series> run_query(const world& w, const realism& how, const series_query& query, utc_time now) {
  auto all = query_run(w, how, query, now).run();
  const auto metrics = query.metrics.size();
  if (query.kind == query_kind::facility && query.facility_codes.empty() && !all.empty()) {
    auto merged = merge_units(all, metrics);
    all.clear();
    all.push_back(std::move(merged));
  }
  for (auto& s : all) fill_gaps(s, query.interval, metrics);
  return all;
}

network_time newest_label(const world& w, const realism& how, table from, network net, utc_time now) {
  const auto top = newest_possible_label(from, net == network::wem ? network::wem : network::nem, now);
  const auto bottom = std::max(top - std::chrono::days(7), w.history_start);
  for (auto label = top; label > bottom; label -= row_step) {
    const auto there = [&](const row_group& rows) { return state_at(timeline_of(rows, label, how), now).present; };
    if (from == table::market) {
      for (const auto& r : w.regions) {
        if (in_network(r, net) && there(group_of(r))) return label;
      }
    } else {
      for (const auto& c : w.cells) {
        if (in_network(c, net) && there(group_of(c))) return label;
      }
    }
  }
  return network_time{};
}

}  // namespace oes::sim
