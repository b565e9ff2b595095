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

http_answer answer_http(std::string_view method, std::string_view target, const metrics& numbers,
                        const std::function<daemon_status()>& status) {
  if (method != "GET" && method != "HEAD") return plain(405, "only GET and HEAD");
  const auto path = target.substr(0, target.find('?'));
  if (path == "/healthz") return plain(200, "ok");
  if (path == "/readyz") return readiness(status());
  if (path == "/metrics") return {200, "text/plain; version=0.0.4; charset=utf-8", numbers.exposition()};
  if (path == "/status.json") return {200, "application/json", to_json(status()) + "\n"};
  if (path == "/") return {200, "text/html; charset=utf-8", status_page(status())};
  return plain(404, "no such page; there are /, /metrics, /healthz, /readyz and /status.json");
}

}  // namespace oes
