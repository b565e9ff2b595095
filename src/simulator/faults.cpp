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

constexpr std::array<std::pair<fault_kind, std::string_view>, 13> names{{{fault_kind::status, "status"},
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
                                                                         {fault_kind::gzip_bomb, "gzip-bomb"}}};

std::vector<fault_kind> usual_kinds() {
  std::vector<fault_kind> kinds;
  for (const auto& [kind, text] : names) {
    if (kind != fault_kind::gzip_bomb && kind != fault_kind::reset && kind != fault_kind::status) kinds.push_back(kind);
  }
  return kinds;
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

fault_desk::fault_desk(std::uint64_t seed, double rate, std::vector<fault_kind> kinds)
    : seed_(seed), rate_(rate), kinds_(kinds.empty() ? usual_kinds() : std::move(kinds)), given_(names.size()) {}

std::optional<fault> fault_desk::next(std::string_view target) {
  ++requests_;
  std::optional<fault> chosen;
  const auto waiting = std::find_if(orders_.begin(), orders_.end(), [&](const auto& o) {
    return o.match.empty() || target.find(o.match) != std::string_view::npos;
  });
  if (waiting != orders_.end()) {
    chosen = waiting->what;
    if (waiting->left > 0 && --waiting->left == 0) orders_.erase(waiting);
  } else if (const auto h = draw({seed_, 900, requests_}); happens(h, rate_)) {
    chosen.emplace().kind = kinds_[scatter(h) % kinds_.size()];
  }
  if (chosen) ++given_[static_cast<std::size_t>(chosen->kind)];
  return chosen;
}

std::optional<std::string> fault_desk::add_json(const std::string& json) {
  rapidjson::Document document;
  document.Parse(json.c_str(), json.size());
  if (document.HasParseError() || !document.IsObject()) return "not a JSON object";
  const auto kind = parse_fault_kind(text(document, "kind"));
  if (!kind) return "unknown kind '" + text(document, "kind") + "'";
  if (orders_.size() >= most_orders) return "too many faults are waiting";
  order added;
  added.what.kind = *kind;
  added.what.status = std::clamp(integer(document, "status", 500), 100, 599);
  added.what.seconds = std::clamp(integer(document, "seconds", 2), 0, 600);
  added.what.message = text(document, "message");
  added.left = integer(document, "count", 1);
  added.match = text(document, "match");
  if (added.left == 0) return "count must not be 0";
  orders_.push_back(std::move(added));
  return std::nullopt;
}

void fault_desk::clear() {
  orders_.clear();
  rate_ = 0;
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
