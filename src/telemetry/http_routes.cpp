#include "telemetry/http_routes.hpp"

#include "telemetry/status_page.hpp"

namespace oes {
namespace {

http_answer plain(unsigned status, std::string text) {
  return {status, "text/plain; charset=utf-8", std::move(text) + "\n"};
}

http_answer readiness(const daemon_status& status) {
  if (status.not_ready_because.empty()) return plain(200, "ready");
  return plain(503, "not ready: " + status.not_ready_because);
}

}  // namespace

http_answer answer_http(const http_question& asked, const own_hosts& hosts, const metrics& numbers,
                        const std::function<daemon_status()>& status) {
  if (asked.method != "GET" && asked.method != "HEAD") return plain(405, "only GET and HEAD");
  const auto path = asked.target.substr(0, asked.target.find('?'));
  if (path == "/healthz") return plain(200, "ok");
  if (path == "/readyz") return readiness(status());
  if (path == "/metrics") return {200, "text/plain; version=0.0.4; charset=utf-8", numbers.exposition()};
  if (path != "/status.json" && path != "/")
    return plain(404, "no such page; there are /, /metrics, /healthz, /readyz and /status.json");
  if (!hosts.is_ours(asked.host))
    return plain(421, "this name is not the daemon's; names that are belong in http.allowed_hosts");
  if (path == "/status.json") return {200, "application/json", to_json(status()) + "\n"};
  return {200, "text/html; charset=utf-8", status_page(status())};
}

}  // namespace oes
