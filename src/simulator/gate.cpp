#include "simulator/gate.hpp"

#include <algorithm>
#include <charconv>

#include "simulator/json_text.hpp"

namespace oes::sim {
namespace {

std::int64_t credits_per_day(const key_settings& k) { return k.credits ? *k.credits : plan_of(k.plan).daily_credits; }

std::optional<std::string> bearer(const std::optional<std::string>& authorization) {
  if (!authorization) return std::nullopt;
  const std::string_view text = *authorization;
  const auto blank = text.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  std::string scheme(text.substr(0, blank));
  std::transform(scheme.begin(), scheme.end(), scheme.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (scheme != "bearer") return std::nullopt;
  return std::string(text.substr(blank + 1));
}

}  // namespace

std::optional<key_settings> parse_key_settings(std::string_view text) {
  const auto first = text.find(':');
  if (first == std::string_view::npos || first == 0) return std::nullopt;
  const auto second = std::min(text.find(':', first + 1), text.size());
  const auto plan = parse_plan(text.substr(first + 1, second - first - 1));
  if (!plan) return std::nullopt;
  key_settings result{std::string(text.substr(0, first)), *plan, std::nullopt};
  if (second < text.size()) {
    const auto number = text.substr(second + 1);
    std::int64_t credits = 0;
    const auto parsed = std::from_chars(number.data(), number.data() + number.size(), credits);
    if (parsed.ec != std::errc{} || parsed.ptr != number.data() + number.size()) return std::nullopt;
    result.credits = credits;
  }
  return result;
}

refusal gate::refuse(const char* cause, std::string text) {
  ++refusals_[cause];
  return {std::move(text)};
}

std::variant<caller, refusal> gate::admit(const std::optional<std::string>& authorization, bool key_required,
                                          utc_time now, utc_time rate_now) {
  const auto key = bearer(authorization);
  if (!key && key_required) return refuse("missing_key", "Not authenticated");
  if (!key) return caller{};
  if (key->size() < 10) return refuse("short_key", "Invalid API key");
  const auto found = accounts_.find(*key);
  if (found == accounts_.end()) return refuse("unknown_key", "Authentication failed");
  auto& a = found->second;
  const auto second = std::chrono::floor<std::chrono::seconds>(rate_now).time_since_epoch().count();
  if (a.second != second) a.in_second = 0;
  a.second = second;
  if (limit_rate_ && a.in_second >= plan_of(a.settings.plan).per_second) {
    return refuse("rate_limit", "Authentication failed");
  }
  const auto day = std::chrono::floor<std::chrono::days>(now).time_since_epoch().count();
  if (a.day != day) a.used = 0;
  a.day = day;
  const auto budget = credits_per_day(a.settings);
  if (budget >= 0 && a.used >= budget) return refuse("credits", "Authentication failed");
  ++a.in_second;
  ++a.used;
  ++a.total;
  return caller{*key, a.settings.plan};
}

key_status gate::status(const std::string& key) const {
  key_status result;
  const auto found = accounts_.find(key);
  if (found == accounts_.end()) return result;
  const auto& a = found->second;
  const auto budget = credits_per_day(a.settings);
  result.used = a.used;
  if (budget >= 0) result.remaining = std::max<std::int64_t>(0, budget - a.used);
  result.rate_limit = plan_of(a.settings.plan).per_second;
  result.rate_remaining = std::max(0, result.rate_limit - a.in_second);
  return result;
}

std::string gate::stats_json() const {
  std::string out = R"({"keys":{)";
  for (const auto& [key, a] : accounts_) {
    if (out.back() != '{') out += ',';
    append_json_string(out, key);
    out += R"(:{"plan":)" + json_string(plan_of(a.settings.plan).id) + R"(,"used_today":)" + std::to_string(a.used) +
           R"(,"used_total":)" + std::to_string(a.total) + "}";
  }
  out += R"(},"refusals":{)";
  for (const auto& [cause, count] : refusals_) {
    if (out.back() != '{') out += ',';
    out += json_string(cause) + ":" + std::to_string(count);
  }
  return out + "}}";
}

}  // namespace oes::sim
