#include "simulator/faults.hpp"

#include <rapidjson/document.h>

#include <algorithm>
#include <array>
#include <utility>

#include "simulator/json_text.hpp"
#include "simulator/random.hpp"

namespace oes::sim {
namespace {

constexpr std::size_t most_orders = 1000;

constexpr std::array<std::pair<fault_kind, std::string_view>, fault_kinds> names{{
    {fault_kind::status, "status"},
    {fault_kind::maintenance, "maintenance"},
    {fault_kind::unauthorized, "unauthorized"},
    {fault_kind::ratelimit, "ratelimit"},
    {fault_kind::html, "html"},
    {fault_kind::delay, "delay"},
    {fault_kind::drip, "drip"},
    {fault_kind::cut, "cut"},
    {fault_kind::reset, "reset"},
    {fault_kind::badjson, "badjson"},
    {fault_kind::nan, "nan"},
    {fault_kind::wrongshape, "wrongshape"},
    {fault_kind::gzip_bomb, "gzip-bomb"},
    {fault_kind::ahead, "ahead"},
    {fault_kind::early, "early"},
    {fault_kind::off_grid, "off-grid"},
    {fault_kind::repeated, "repeated"},
    {fault_kind::no_series, "no-series"},
    {fault_kind::no_labels, "no-labels"},
    {fault_kind::no_metric, "no-metric"},
    {fault_kind::odd_label, "odd-label"},
    {fault_kind::huge_label, "huge-label"},
    {fault_kind::odd_me, "odd-me"},
    {fault_kind::wrong_date, "wrong-date"},
    {fault_kind::old_date, "old-date"},
}};

std::vector<fault_kind> usual_kinds() {
  std::vector<fault_kind> kinds;
  for (const auto& [kind, text] : names) {
    const bool unusual = kind == fault_kind::gzip_bomb || kind == fault_kind::reset || kind == fault_kind::status;
    if (!unusual && !is_lie(kind)) kinds.push_back(kind);
  }
  return kinds;
}

// What a lie is about is there only in some answers.
bool fits(fault_kind kind, std::string_view target) {
  if (kind == fault_kind::odd_me) return target.ends_with("/me");
  if (!is_lie(kind) || kind == fault_kind::wrong_date || kind == fault_kind::old_date) return true;
  return target.find("/data/") != std::string_view::npos || target.find("/market/") != std::string_view::npos;
}

// How far off a lie is that was not ordered: from two hours to a year.
int drawn_seconds(fault_kind kind, std::uint64_t h) {
  constexpr std::array<int, 6> ahead{300, 7200, 86400, 864000, 31536000, 315360000};
  constexpr std::array<int, 6> date{-90000, -10800, -100, 100, 10800, 90000};
  switch (kind) {
    case fault_kind::ahead:
    case fault_kind::early:
      return ahead[scatter(h + 1) % ahead.size()];
    case fault_kind::wrong_date:
      return date[scatter(h + 1) % date.size()];
    case fault_kind::old_date:
      return 250;
    default:
      return fault{}.seconds;
  }
}

int integer(const rapidjson::Value& object, const char* key, int otherwise) {
  const auto found = object.FindMember(key);
  return found != object.MemberEnd() && found->value.IsInt() ? found->value.GetInt() : otherwise;
}

std::string text(const rapidjson::Value& object, const char* key) {
  const auto found = object.FindMember(key);
  return found != object.MemberEnd() && found->value.IsString() ? found->value.GetString() : "";
}

}  // namespace

std::string_view name(fault_kind kind) {
  for (const auto& [value, text] : names) {
    if (value == kind) return text;
  }
  return "";
}

std::optional<fault_kind> parse_fault_kind(std::string_view text) {
  for (const auto& [value, known] : names) {
    if (known == text) return value;
  }
  return std::nullopt;
}

bool is_lie(fault_kind kind) { return kind >= fault_kind::ahead; }

fault_desk::fault_desk(std::uint64_t seed, std::vector<fault_rate> rates)
    : seed_(seed), rates_(std::move(rates)), given_(names.size()) {
  for (auto& r : rates_) {
    if (r.kinds.empty()) r.kinds = usual_kinds();
  }
}

std::optional<fault> fault_desk::drawn(std::string_view target) const {
  for (std::size_t i = 0; i < rates_.size(); ++i) {
    const auto h = draw({seed_, 900 + i, requests_});
    if (!happens(h, rates_[i].rate)) continue;
    const auto kind = rates_[i].kinds[scatter(h) % rates_[i].kinds.size()];
    if (!fits(kind, target)) continue;
    fault chosen;
    chosen.kind = kind;
    chosen.seconds = drawn_seconds(kind, h);
    return chosen;
  }
  return std::nullopt;
}

std::optional<fault> fault_desk::next(std::string_view target, utc_time now) {
  ++requests_;
  std::erase_if(orders_, [now](const order& o) { return o.until && now >= *o.until; });
  std::optional<fault> chosen;
  const auto waiting = std::find_if(orders_.begin(), orders_.end(), [&](const auto& o) {
    return fits(o.what.kind, target) && (o.match.empty() || target.find(o.match) != std::string_view::npos);
  });
  if (waiting != orders_.end()) {
    chosen = waiting->what;
    if (waiting->left > 0 && --waiting->left == 0) orders_.erase(waiting);
  } else {
    chosen = drawn(target);
  }
  if (chosen) chosen->salt = draw({seed_, 899, requests_});
  if (chosen) ++given_[static_cast<std::size_t>(chosen->kind)];
  return chosen;
}

std::optional<std::string> fault_desk::add_json(const std::string& json, utc_time now) {
  rapidjson::Document document;
  document.Parse(json.c_str(), json.size());
  if (document.HasParseError() || !document.IsObject()) return "not a JSON object";
  const auto kind = parse_fault_kind(text(document, "kind"));
  if (!kind) return "unknown kind '" + text(document, "kind") + "'";
  if (orders_.size() >= most_orders) return "too many faults are waiting";
  order added;
  added.what.kind = *kind;
  added.what.status = std::clamp(integer(document, "status", 500), 100, 599);
  const int far = is_lie(*kind) ? 400'000'000 : 600;
  added.what.seconds = std::clamp(integer(document, "seconds", drawn_seconds(*kind, 0)), is_lie(*kind) ? -far : 0, far);
  added.what.message = text(document, "message");
  added.left = integer(document, "count", 1);
  added.match = text(document, "match");
  if (const int span = integer(document, "for", 0); span > 0) added.until = now + std::chrono::seconds(span);
  if (added.left == 0) return "count must not be 0";
  orders_.push_back(std::move(added));
  return std::nullopt;
}

void fault_desk::clear() {
  orders_.clear();
  rates_.clear();
}

std::string fault_desk::stats_json() const {
  std::string out = "{";
  for (std::size_t i = 0; i < given_.size(); ++i) {
    if (given_[i] == 0) continue;
    if (out.size() > 1) out += ',';
    out += json_string(name(static_cast<fault_kind>(i))) + ":" + std::to_string(given_[i]);
  }
  return out + "}";
}

}  // namespace oes::sim
