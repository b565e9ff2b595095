#include "simulator/validation.hpp"

#include <algorithm>
#include <array>

#include "model/network.hpp"
#include "simulator/datetime_parameter.hpp"
#include "simulator/parameter_errors.hpp"
#include "simulator/world.hpp"

namespace oes::sim {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr std::size_t most_codes = 30;

std::vector<std::string_view> metric_names() {
  std::vector<std::string_view> names;
  for (const auto& m : metric_entries()) names.push_back(m.name);
  return names;
}

void check_metrics(const target& asked, series_query& q, parameter_errors& errors) {
  const auto values = asked.all("metrics");
  if (values.empty()) errors.missing("metrics");
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto* metric = find_metric_entry(values[i]);
    if (metric == nullptr) {
      errors.not_in_enumeration("metrics", static_cast<int>(i), values[i], metric_names());
    } else {
      q.metrics.push_back(metric);
    }
  }
}

void check_interval(const target& asked, series_query& q, parameter_errors& errors) {
  const auto value = asked.last("interval");
  if (!value) return;
  const auto size = parse_interval_size(*value);
  if (size) {
    q.interval = *size;
  } else {
    errors.not_in_enumeration("interval", -1, *value, {"5m", "1h", "1d", "7d", "1M", "3M", "season", "1y", "fy"});
  }
}

void check_date(const target& asked, const char* name, std::optional<std::string>& into, parameter_errors& errors) {
  into = asked.last(name);
  if (!into) return;
  const auto parsed = parse_datetime_parameter(*into);
  if (const auto* fault = std::get_if<not_a_datetime>(&parsed)) errors.bad_date(name, *into, fault->reason);
}

void check_groupings(const target& asked, query_kind kind, series_query& q, parameter_errors& errors) {
  if (const auto primary = asked.last("primary_grouping")) {
    const auto parsed = parse_primary_grouping(*primary);
    if (!parsed) errors.not_in_enumeration("primary_grouping", -1, *primary, {"network", "network_region"});
    q.primary = parsed.value_or(primary_grouping::network);
  }
  if (kind == query_kind::market) return;
  if (const auto secondary = asked.last("secondary_grouping")) {
    const auto parsed = secondary->empty() ? std::nullopt : parse_secondary_grouping(*secondary);
    if (!parsed) {
      errors.not_in_enumeration("secondary_grouping", -1, *secondary,
                                {"fueltech", "fueltech_group", "status", "renewable"});
    }
    q.secondary = parsed.value_or(secondary_grouping::none);
  }
}

void check_codes(const target& asked, const char* name, std::vector<std::string>& into, parameter_errors& errors) {
  into = asked.all(name);
  if (into.size() > most_codes) errors.too_long(name, into, most_codes);
}

// Filters decide groupings, as the routers do it: a region forces the primary, fueltechs the secondary grouping.
void apply_filters(const target& asked, query_kind kind, series_query& q) {
  q.network_region = asked.last("network_region").value_or("");
  if (!q.network_region.empty()) q.primary = primary_grouping::network_region;
  if (kind == query_kind::market) return;
  q.fueltechs = asked.all("fueltech");
  q.fueltech_groups = asked.all("fueltech_group");
  if (!q.fueltechs.empty()) q.secondary = secondary_grouping::fueltech;
  if (!q.fueltech_groups.empty()) q.secondary = secondary_grouping::fueltech_group;
}

std::optional<bad_request> unsupported_metrics(const series_query& q) {
  std::string names;
  for (const auto* metric : q.metrics) {
    if (supports(q.from(), *metric)) continue;
    if (!names.empty()) names += ", ";
    names += metric->name;
  }
  if (names.empty()) return std::nullopt;
  return bad_request{"Unsupported metrics: " + names};
}

bool is_aware(const std::optional<std::string>& date) {
  return date && std::holds_alternative<aware_datetime>(parse_datetime_parameter(*date));
}

network_time naive(const std::string& date) { return std::get<network_time>(parse_datetime_parameter(date)); }

// Whole days of a range, rounded down, as Python's timedelta counts them.
std::int64_t whole_days(network_time start, network_time end) { return std::chrono::floor<days>(end - start).count(); }

}  // namespace

std::variant<typed_query, invalid_parameters> check_types(query_kind kind, const std::string& network_code,
                                                          const target& asked) {
  typed_query typed;
  typed.network_code = network_code;
  typed.query.kind = kind;
  parameter_errors errors;
  check_metrics(asked, typed.query, errors);
  check_interval(asked, typed.query, errors);
  if (kind == query_kind::facility) {
    check_codes(asked, "facility_code", typed.query.facility_codes, errors);
    check_codes(asked, "unit_code", typed.query.unit_codes, errors);
  }
  check_date(asked, "date_start", typed.date_start, errors);
  check_date(asked, "date_end", typed.date_end, errors);
  if (kind != query_kind::facility) {
    check_groupings(asked, kind, typed.query, errors);
    apply_filters(asked, kind, typed.query);
  }
  if (!errors.empty()) return invalid_parameters{errors.body()};
  return typed;
}

std::variant<checked_query, bad_request> check_rules(const typed_query& typed, plan_code plan, utc_time now) {
  checked_query result{typed.query, !typed.date_end.has_value()};
  auto& q = result.query;
  const auto net = parse_network(typed.network_code);
  if (!net) return bad_request{"Network " + typed.network_code + " not supported"};
  q.net = *net;
  if (auto unsupported = unsupported_metrics(q)) return *unsupported;
  if (is_aware(typed.date_start)) return bad_request{"Date start must be timezone naive and in network time"};
  if (is_aware(typed.date_end)) return bad_request{"Date end must be timezone naive and in network time"};
  q.end = typed.date_end ? naive(*typed.date_end) : bucket_floor(to_network_time(now, q.net), interval_size::m5);
  // Without a start: half of what the COMMUNITY plan may ask for, whoever asks.
  const auto default_span = hours(12) * max_days(plan_code::community, q.interval);
  q.start = typed.date_start ? naive(*typed.date_start) : q.end - default_span;
  const auto limit = max_days(plan, q.interval);
  if (whole_days(q.start, q.end) > limit) {
    return bad_request{"Date range too large for " + std::string(code(q.interval)) + " interval. Maximum range is " +
                       std::to_string(limit) + " days."};
  }
  const auto history = plan_of(plan).history_days;
  // The server compares with its own local time, which is UTC.
  const auto earliest = network_time(std::chrono::floor<std::chrono::seconds>(now.time_since_epoch())) - days(history);
  if (history >= 0 && q.start < earliest) {
    return bad_request{"Date start is too far in the past. Your plan allows data from the last " +
                       std::to_string(history) + " days."};
  }
  // data/facilities lacks this check and finds no rows instead.
  if (q.kind != query_kind::facility && q.start > q.end) return bad_request{"Date start must be before date end"};
  return result;
}

std::variant<facility_filter, invalid_parameters> check_facility_filter(const target& asked) {
  facility_filter filter{asked.all("facility_code"), asked.all("status_id"),
                         asked.all("fueltech_id"),   asked.all("fueltech_group_id"),
                         asked.all("network_id"),    asked.last("network_region").value_or("")};
  parameter_errors errors;
  const auto check = [&errors](const char* name, const std::vector<std::string>& values,
                               const std::vector<std::string_view>& allowed) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (std::find(allowed.begin(), allowed.end(), values[i]) != allowed.end()) continue;
      errors.not_in_enumeration(name, static_cast<int>(i), values[i], allowed);
    }
  };
  std::vector<std::string_view> fueltechs;
  for (const auto& f : all_fueltechs()) fueltechs.push_back(f.code);
  check("status_id", filter.statuses, {"committed", "operating", "commissioning", "retired"});
  check("fueltech_id", filter.fueltechs, fueltechs);
  check("fueltech_group_id", filter.groups,
        {"solar", "wind", "hydro", "biomass", "coal", "gas", "battery", "battery_charging", "battery_discharging",
         "distillate", "bioenergy", "pumps"});
  if (!errors.empty()) return invalid_parameters{errors.body()};
  return filter;
}

}  // namespace oes::sim
