#include "simulator/api.hpp"

#include <algorithm>
#include <numeric>

#include "simulator/aggregation.hpp"
#include "simulator/envelope.hpp"
#include "simulator/json_text.hpp"
#include "simulator/lists.hpp"
#include "simulator/random.hpp"
#include "simulator/render.hpp"

namespace oes::sim {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t cache_bytes = 256U << 20U;
constexpr auto series_lifetime = minutes(5);
constexpr auto facilities_lifetime = minutes(15);

reply error_reply(int status, std::string_view text) { return plain_reply(status, error_body(text)); }

reply unknown_route() { return plain_reply(404, R"({"detail":"Not Found"})"); }

std::string etag_of(const std::string& body) {
  const auto signed_hash = static_cast<std::int64_t>(std::hash<std::string>{}(body));
  return "W/" + std::to_string(signed_hash);
}

// Parameters in a form that does not depend on the order of the keys, while that of repeated values counts.
std::string canonical_parameters(const target& asked) {
  auto sorted = asked.parameters;
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string out;
  for (const auto& [key, value] : sorted) out.append(key).append("=").append(value).append("&");
  return out;
}

reply answer_with(const cached_answer& a, const char* state, std::chrono::microseconds left) {
  reply r;
  r.body = a.body;
  r.blocks = a.blocks;
  r.cache = state;
  r.as_of = a.read_at;
  const auto age = std::to_string(std::chrono::ceil<seconds>(left).count());
  r.headers = {{"cache-control", "max-age=" + age}, {"etag", a.etag}, {"x-fastapi-cache", state}};
  return r;
}

std::string no_rows_text(const series_job& job) {
  const auto& q = job.asked.query;
  if (q.kind == query_kind::data) {
    return "No data available for network " + job.network_code + " in the specified time range";
  }
  if (q.kind == query_kind::market) {
    return "No market data available for network " + job.network_code + " in the specified time range";
  }
  // Lists print as Python prints them.
  const auto python_list = [](const std::vector<std::string>& all) {
    std::string out = "[";
    for (const auto& one : all) out += (out.size() > 1 ? ", '" : "'") + one + "'";
    return out + "]";
  };
  std::string filters;
  if (!q.facility_codes.empty()) filters = "facility=" + python_list(q.facility_codes);
  if (!q.unit_codes.empty()) filters += (filters.empty() ? "unit=" : ", unit=") + python_list(q.unit_codes);
  return "No data available for " + (filters.empty() ? "the specified filters" : filters) +
         " in the specified time range";
}

// The API's series come in no stable order.
void shuffle_series(std::vector<grouped_series>& all, std::uint64_t seed) {
  for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[scatter(seed + i) % i]);
}

series_outcome lied(const lie& l, const series_query& query, std::vector<grouped_series> all, const series_job& job) {
  const auto a = tell(l, query, std::move(all), to_network_time(job.now, query.net));
  series_outcome out;
  out.body = std::make_shared<const std::string>(render_series(a.query, a.told, job.now, false).body);
  out.blocks = std::make_shared<const std::string>(render_series(a.query, a.truth, job.now, true).blocks);
  if (a.doubted.empty()) return out;
  out.doubted = std::make_shared<const std::string>(render_series(a.query, a.doubted, job.now, true).blocks);
  return out;
}

}  // namespace

reply plain_reply(int status, std::string body) {
  reply r;
  r.status = status;
  r.body = std::make_shared<const std::string>(std::move(body));
  return r;
}

series_outcome read_series(const world& w, const realism& how, const series_job& job) {
  auto query = job.asked.query;
  if (job.asked.live) {
    // The server remembers the newest label for 30 s (api.md §5).
    const auto looked_up = utc_time(job.now.time_since_epoch() - job.now.time_since_epoch() % seconds(30));
    const auto newest = newest_label(w, how, query.from(), query.net, looked_up);
    if (newest != network_time{}) query.end = std::min(query.end, newest);
  }
  auto all = run_query(w, how, query, job.now);
  if (all.empty()) return {};
  shuffle_series(all, how.seed ^ job.shuffle);
  if (job.told) return lied(*job.told, query, std::move(all), job);
  auto text = render_series(query, all, job.now, job.with_blocks);
  return {std::make_shared<const std::string>(std::move(text.body)),
          std::make_shared<const std::string>(std::move(text.blocks)), nullptr};
}

api::api(api_settings settings, world w, realism how, gate keys)
    : settings_(settings),
      clock_(settings.clock),
      world_(std::move(w)),
      how_(how),
      gate_(std::move(keys)),
      cache_(cache_bytes) {}

void api::set_speed(double speed) {
  // Whole seconds, so that the anchor can be told as text.
  settings_.clock = {wall_now(), std::chrono::floor<seconds>(clock_.now()), speed};
  clock_ = time_source(settings_.clock);
}

std::variant<reply, series_job> api::decide(const question& q) {
  ++requests_;
  const auto asked = parse_target(q.target);
  std::string_view path = asked.path;
  if (path.starts_with("/v4/")) path.remove_prefix(3);
  if (q.method != "GET") return unknown_route();
  const auto one_segment = [&path](std::string_view prefix) -> std::optional<std::string> {
    if (!path.starts_with(prefix)) return std::nullopt;
    const auto rest = path.substr(prefix.size());
    if (rest.empty() || rest.find('/') != std::string_view::npos) return std::nullopt;
    return std::string(rest);
  };
  if (const auto network = one_segment("/data/network/")) return series(query_kind::data, *network, q, asked);
  if (const auto network = one_segment("/market/network/")) return series(query_kind::market, *network, q, asked);
  if (const auto network = one_segment("/data/facilities/")) return series(query_kind::facility, *network, q, asked);
  if (path == "/facilities/") return facilities(q, asked);
  if (path == "/facilities") {
    auto redirect = plain_reply(307, "");
    const auto query = asked.raw_query.empty() ? "" : "?" + asked.raw_query;
    redirect.headers.emplace_back("location", "http://" + q.host + asked.path + "/" + query);
    return redirect;
  }
  if (path == "/me") return me(q);
  if (path == "/metrics") return plain_reply(200, metrics_json());
  if (path == "/networks") return plain_reply(200, networks_json());
  if (path == "/fueltechs") return plain_reply(200, fueltechs_json());
  if (path == "/plans") return plain_reply(200, plans_json());
  if (path == "/health") return plain_reply(200, R"("OK")");
  return unknown_route();
}

std::variant<caller, refusal> api::admit(const question& q, bool required) {
  const auto now = clock_.now();
  return gate_.admit(q.authorization, required, now, settings_.simulated_rate_clock ? now : wall_now());
}

std::variant<reply, series_job> api::series(query_kind kind, const std::string& network_code, const question& q,
                                            const target& asked) {
  const auto who = admit(q, kind == query_kind::facility);
  if (const auto* no = std::get_if<refusal>(&who)) return error_reply(401, no->text);
  const auto& user = std::get<caller>(who);
  auto typed = check_types(kind, network_code, asked);
  if (const auto* invalid = std::get_if<invalid_parameters>(&typed)) return plain_reply(422, invalid->body);
  series_job job;
  job.now = clock_.now();
  job.network_code = network_code;
  job.with_blocks = settings_.with_blocks;
  job.shuffle = requests_;
  if (settings_.memoise) {
    job.cache_key = std::string(plan_of(user.plan).id) + " " + q.target;
  } else if (settings_.cache && q.cache_control != "no-store") {
    job.cache_key = user.key + " " + asked.path + "?" + canonical_parameters(asked);
  }
  if (auto hit = from_cache(job.cache_key, q)) return std::move(*hit);
  auto checked = check_rules(std::get<typed_query>(typed), user.plan, job.now);
  if (const auto* bad = std::get_if<bad_request>(&checked)) return error_reply(400, bad->text);
  job.asked = std::move(std::get<checked_query>(checked));
  return job;
}

reply api::finish(const series_job& job, const series_outcome& outcome) {
  if (!outcome.body) return error_reply(404, no_rows_text(job));
  if (job.told) {
    auto r = plain_reply(200, "");
    r.body = outcome.body;
    r.blocks = outcome.blocks;
    r.doubted = outcome.doubted;
    r.as_of = job.now;
    return r;
  }
  const auto kept = settings_.memoise ? minutes(60 * 24 * 36500) : series_lifetime;
  return remember(job.cache_key, {outcome.body, outcome.blocks, etag_of(*outcome.body), job.now + kept, job.now},
                  series_lifetime);
}

std::optional<reply> api::from_cache(const std::string& key, const question& q) const {
  if (key.empty() || (q.cache_control == "no-cache" && !settings_.memoise)) return std::nullopt;
  const auto now = clock_.now();
  const auto* found = cache_.find(key, now);
  if (found == nullptr) return std::nullopt;
  auto hit = answer_with(*found, "HIT", found->expires - now);
  if (q.if_none_match == found->etag) {
    hit.status = 304;
    hit.body = std::make_shared<const std::string>();
    hit.blocks.reset();
  }
  return hit;
}

reply api::remember(const std::string& key, cached_answer answer, std::chrono::seconds lifetime) {
  auto r = answer_with(answer, "MISS", lifetime);
  if (!key.empty()) cache_.put(key, std::move(answer));
  if (key.empty()) r.headers.clear();
  return r;
}

reply api::facilities(const question& q, const target& asked) {
  const auto who = admit(q, true);
  if (const auto* no = std::get_if<refusal>(&who)) return error_reply(401, no->text);
  const auto filter = check_facility_filter(asked);
  if (const auto* invalid = std::get_if<invalid_parameters>(&filter)) return plain_reply(422, invalid->body);
  const auto key = settings_.cache && q.cache_control != "no-store"
                       ? std::get<caller>(who).key + " " + asked.path + "?" + canonical_parameters(asked)
                       : std::string();
  if (auto hit = from_cache(key, q)) return std::move(*hit);
  const auto now = clock_.now();
  auto body = facilities_json(world_, std::get<facility_filter>(filter), now);
  if (!body) return error_reply(404, no_facilities_text(std::get<facility_filter>(filter)));
  auto shared = std::make_shared<const std::string>(std::move(*body));
  return remember(key, {shared, nullptr, etag_of(*shared), now + facilities_lifetime, now}, facilities_lifetime);
}

reply api::me(const question& q) {
  const auto who = admit(q, true);
  if (const auto* no = std::get_if<refusal>(&who)) return error_reply(401, no->text);
  const auto& user = std::get<caller>(who);
  return plain_reply(200, me_json(user, gate_.status(user.key), clock_.now()));
}

std::string api::stats_json() const {
  return R"({"requests":)" + std::to_string(requests_) + R"(,"gate":)" + gate_.stats_json() + "}";
}

}  // namespace oes::sim
