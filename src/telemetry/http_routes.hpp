#pragma once
// What each path of the daemon's HTTP endpoint answers; pure, the sockets are in http_server.cpp.
#include <functional>
#include <string>
#include <string_view>

#include "telemetry/http_host.hpp"
#include "telemetry/metrics.hpp"
#include "telemetry/status_board.hpp"

namespace oes {

struct http_answer {
  unsigned status = 200;
  std::string content_type;
  std::string body;
};

struct http_question {
  std::string_view method;
  std::string_view target;
  std::string_view host;  ///< the Host field; empty: none
};

/// /metrics, /livez (200 while the loop turns, whatever Kafka, API or key do; /healthz is the same), /readyz (503 while
/// failing, `?strict` also while degraded; the reasons in the body either way), /status.json and /; any other query is
/// ignored. 404 for another path, 405 for another method than GET and HEAD (the body is written for HEAD too: its
/// length is part of the answer). 421 for / and /status.json where the Host is not ours: a page of somebody else's
/// name, resolved to this address, could read them in a browser that can reach us. Probes and scrapers ask by all kinds
/// of names.
http_answer answer_http(const http_question& asked, const own_hosts& hosts, const metrics& numbers,
                        const status_source& status);

}  // namespace oes
