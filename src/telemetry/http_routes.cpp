#include "telemetry/http_routes.hpp"

#include <algorithm>

#include "telemetry/health.hpp"
#include "telemetry/status_json.hpp"
#include "telemetry/status_page.hpp"

namespace oes {
namespace {

http_answer plain(unsigned status, std::string text) {
  return {status, "text/plain; charset=utf-8", std::move(text) + "\n"};
}

enum class strictness { usual, strict };

http_answer readiness(const daemon_status& status, strictness how) {
  const auto judged = judge_health(status);
  if (judged.reasons.empty()) return plain(200, "ready");
  const bool failing = judged.level == health_level::failing;
  std::string text(failing ? "not ready" : "ready, degraded");
  for (const auto& reason : judged.reasons) {
    text +=
        (&reason == &judged.reasons.front() ? ": " : "\n" + std::string(name(reason.level)) + ": ") + line_of(reason);
  }
  return plain(failing || how == strictness::strict ? 503 : 200, std::move(text));
}

// `strict`, alone or among others, with or without a value.
bool asks_strictly(std::string_view target) {
  auto query = target.substr(std::min(target.find('?'), target.size()));
  while (!query.empty()) {
    query.remove_prefix(1);
    const auto one = query.substr(0, query.find('&'));
    if (one.substr(0, one.find('=')) == "strict") return true;
    query.remove_prefix(one.size());
  }
  return false;
}

}  // namespace

http_answer answer_http(const http_question& asked, const own_hosts& hosts, const metrics& numbers,
                        const status_source& status) {
  if (asked.method != "GET" && asked.method != "HEAD") return plain(405, "only GET and HEAD");
  const auto path = asked.target.substr(0, asked.target.find('?'));
  if (path == "/livez" || path == "/healthz") return plain(200, "ok");
  if (path == "/readyz") {
    return readiness(status(), asks_strictly(asked.target) ? strictness::strict : strictness::usual);
  }
  if (path == "/metrics") return {200, "text/plain; version=0.0.4; charset=utf-8", numbers.exposition(status())};
  if (path != "/status.json" && path != "/")
    return plain(404, "no such page; there are /, /metrics, /livez, /readyz and /status.json");
  if (!hosts.is_ours(asked.host))
    return plain(421, "this name is not the daemon's; names that are belong in http.allowed_hosts");
  if (path == "/status.json") return {200, "application/json", to_json(status()) + "\n"};
  return {200, "text/html; charset=utf-8", status_page(status())};
}

}  // namespace oes
