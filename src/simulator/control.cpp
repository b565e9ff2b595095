#include "simulator/control.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

#include "async/clock.hpp"
#include "simulator/json_text.hpp"
#include "simulator/target.hpp"

namespace oes::sim {
namespace {

template <class T>
std::optional<T> number(const std::optional<std::string>& text) {
  T value{};
  if (!text) return std::nullopt;
  const auto* end = text->data() + text->size();
  const auto parsed = std::from_chars(text->data(), end, value);
  if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
  return value;
}

std::string time_json(const api& a) {
  const auto& clock = a.clock();
  return R"({"now":)" + json_string(format_utc(a.now())) + R"(,"now_us":)" +
         std::to_string(a.now().time_since_epoch().count()) + R"(,"speed":)" + std::to_string(clock.speed) +
         R"(,"start":)" + json_string(format_utc(clock.shown_anchor)) + R"(,"real_anchor_us":)" +
         std::to_string(clock.real_anchor.time_since_epoch().count()) + "}";
}

reply faults_reply(const question& q, const std::string& body, fault_desk& faults) {
  if (q.method == "DELETE") {
    faults.clear();
    return plain_reply(200, "{}");
  }
  if (q.method != "POST") return plain_reply(200, faults.stats_json());
  const auto now = wall_now();
  const auto wrong = faults.add_json(body, now);
  if (wrong) return plain_reply(400, R"({"error":)" + json_string(*wrong) + "}");
  return plain_reply(200, "{}");
}

reply served_reply(const target& asked, const served_log& served) {
  const auto text = asked.last("since").value_or("0");
  std::uint64_t n = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), n);
  if (parsed.ec != std::errc{}) return plain_reply(400, R"({"error":"since must be a number"})");
  return plain_reply(200, served.since(n));
}

// `POST /_sim/units?unit=BW01&status=retired`, `…&listed=false`.
reply units_reply(const question& q, const target& asked, api& a) {
  const auto unit = asked.last("unit").value_or("");
  if (q.method != "POST" || unit.empty()) return plain_reply(400, R"({"error":"POST with unit=CODE"})");
  a.note(unit, {asked.last("status").value_or(""), asked.last("listed") != "false"});
  return plain_reply(200, "{}");
}

// `POST /_sim/clock?date_skew=SECONDS`: the Date header alone; what is served goes on by the simulated clock.
// `POST /_sim/clock?speed=FACTOR`: how fast that runs from here on, 0.001 to 1e6. Both answer as `/_sim/time` does.
reply clock_reply(const question& q, const target& asked, api& a) {
  const auto skew = number<std::int64_t>(asked.last("date_skew"));
  const auto speed = number<double>(asked.last("speed"));
  constexpr std::int64_t most = 10'000'000'000;
  const bool skew_fits = skew && *skew >= -most && *skew <= most;
  const bool speed_fits = speed && *speed >= 0.001 && *speed <= 1e6;
  if (q.method != "POST" || skew_fits == speed_fits) {
    return plain_reply(400, R"({"error":"POST with date_skew=SECONDS or speed=FACTOR"})");
  }
  if (skew_fits) a.skew_date(std::chrono::seconds(*skew));
  if (speed_fits) a.set_speed(*speed);
  return plain_reply(200, time_json(a));
}

}  // namespace

reply control_reply(const question& q, const std::string& body, api& a, fault_desk& faults, const served_log& served) {
  const auto asked = parse_target(q.target);
  if (asked.path == "/_sim/faults") return faults_reply(q, body, faults);
  if (asked.path == "/_sim/units") return units_reply(q, asked, a);
  if (asked.path == "/_sim/clock") return clock_reply(q, asked, a);
  if (q.method != "GET") return plain_reply(404, R"({"error":"no such endpoint"})");
  if (asked.path == "/_sim/time") return plain_reply(200, time_json(a));
  if (asked.path == "/_sim/oracle/served") return served_reply(asked, served);
  if (asked.path == "/_sim/stats") {
    return plain_reply(200, R"({"api":)" + a.stats_json() + R"(,"served":)" + std::to_string(served.count()) +
                                R"(,"faults":)" + faults.stats_json() + "}");
  }
  return plain_reply(404, R"({"error":"no such endpoint"})");
}

}  // namespace oes::sim
