#include "simulator/lists.hpp"

#include "simulator/envelope.hpp"
#include "simulator/json_text.hpp"
#include "simulator/metric_table.hpp"

namespace oes::sim {
namespace {

void add_field(std::string& out, std::string_view name, std::string_view value) {
  if (out.back() != '{') out += ',';
  out += json_string(name) + ":" + json_string(value);
}

void add_raw(std::string& out, std::string_view name, const std::string& value) {
  if (out.back() != '{') out += ',';
  out += json_string(name) + ":" + value;
}

std::string plan_json(const plan_info& plan) {
  std::string limits = "{";
  for (const auto size : {interval_size::m5, interval_size::h1, interval_size::d1, interval_size::d7,
                          interval_size::mo1, interval_size::mo3, interval_size::season, interval_size::y1}) {
    add_raw(limits, code(size), std::to_string(max_days(plan.code, size)));
  }
  std::string out = "{";
  add_field(out, "code", plan.id);
  add_field(out, "name", plan.name);
  add_field(out, "description", plan.description);
  add_field(out, "price", plan.price);
  add_raw(out, "daily_credits", std::to_string(plan.daily_credits));
  add_field(out, "burst_rate_limit", std::to_string(plan.per_second) + "/s");
  add_raw(out, "key_limit", std::to_string(plan.key_limit));
  add_raw(out, "bucket_limits", limits + "}");
  add_raw(out, "period_limit_days", std::to_string(plan.history_days));
  add_field(out, "historical_data", plan.historical_data);
  add_field(out, "license", plan.license);
  add_raw(out, "features", "[" + json_string(plan.feature) + "]");
  add_raw(out, "visible", "true");
  add_field(out, "cta", plan.call_to_action);
  return out + "}";
}

constexpr std::string_view market_list =
    R"(["price","demand","demand_energy","curtailment","curtailment_energy","curtailment_solar_utility",)"
    R"("curtailment_solar_utility_energy","curtailment_wind","curtailment_wind_energy"])";
constexpr std::string_view data_list = R"(["power","energy","emissions","market_value","renewable_proportion"])";

}  // namespace

std::string metrics_json() {
  std::string all = "{";
  for (const auto name : listed_metrics()) {
    const auto& m = *find_metric_entry(name);
    std::string one = "{";
    add_field(one, "name", m.name);
    add_field(one, "unit", m.unit);
    add_field(one, "description", m.description);
    add_field(one, "default_aggregation", m.default_aggregation);
    add_raw(one, "precision", std::to_string(m.precision));
    add_raw(all, name, one + "}");
  }
  std::string out = "{";
  add_raw(out, "metrics", all + "}");
  add_raw(out, "total", std::to_string(listed_metrics().size()));
  add_raw(out, "endpoints",
          std::string(R"({"market":)").append(market_list).append(R"(,"data":)").append(data_list) + "}");
  return out + "}";
}

std::string networks_json() {
  const auto one = [](std::string_view id, std::string_view label, std::string_view timezone, int minutes) {
    std::string out = "{";
    add_field(out, "code", id);
    add_field(out, "country", "au");
    add_field(out, "label", label);
    add_field(out, "timezone", timezone);
    add_raw(out, "interval_size", std::to_string(minutes));
    return out + "}";
  };
  return "[" + one("NEM", "NEM", "Australia/Brisbane", 5) + "," +
         one("AEMO_ROOFTOP", "AEMO Rooftop", "Australia/Brisbane", 30) + "," +
         one("WEM", "WEM", "Australia/Perth", 30) + "]";
}

std::string fueltechs_json() {
  std::string out = "[";
  for (const auto& f : all_fueltechs()) {
    std::string one = "{";
    add_field(one, "code", f.code);
    add_field(one, "label", f.label);
    add_raw(one, "renewable", f.renewable ? "true" : "false");
    if (out.size() > 1) out += ',';
    out += one + "}";
  }
  return out + "]";
}

std::string plans_json() {
  std::string out = "[";
  for (const auto& plan : all_plans()) {
    if (plan.call_to_action.empty()) continue;
    if (out.size() > 1) out += ',';
    out += plan_json(plan);
  }
  return out + "]";
}

std::string me_json(const caller& who, const key_status& status, utc_time now) {
  std::string limit = "{";
  add_raw(limit, "limit", std::to_string(status.rate_limit));
  add_raw(limit, "remaining", std::to_string(status.rate_remaining));
  add_field(limit, "reset", format_utc_seconds(now + std::chrono::seconds(1)));
  std::string credits = "{";
  // A remainder of zero is left out, like an unlimited one.
  if (status.remaining && *status.remaining > 0) add_raw(credits, "remaining", std::to_string(*status.remaining));
  std::string data = "{";
  add_field(data, "id", "key_" + std::string(plan_of(who.plan).id) + "_" + std::to_string(who.key.size()));
  add_field(data, "full_name", "");
  add_field(data, "email", "");
  add_field(data, "plan", plan_of(who.plan).id);
  add_raw(data, "roles", R"(["anonymous"])");
  add_raw(data, "rate_limit", limit + "}");
  add_raw(data, "credits", credits + "}");
  return envelope_start(now) + data + "}}";
}

}  // namespace oes::sim
