#include "telemetry/status_page.hpp"

#include "telemetry/content_hash.hpp"
#include "telemetry/page_parts.hpp"
#include "telemetry/text.hpp"

namespace oes {
namespace {

void add_footer(std::string& out, const daemon_status& status) {
  out.append("<footer class=\"soft\"><span>openelectricity-stream ").append(html_escaped(status.version));
  out.append("</span><span>Instance ").append(html_escaped(status.instance));
  out.append("</span><span>API ").append(html_escaped(status.api_url));
  out.append("</span><span>Kafka ").append(html_escaped(status.kafka_servers));
  out.append(
      "</span><span><a href=\"metrics\">Metrics</a></span><span><a href=\"status.json\">Status as JSON</a></span>"
      "</footer>");
}

}  // namespace

std::string status_page(const daemon_status& status) {
  std::string out =
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>";
  out.append(html_escaped(status.deployment)).append(": ").append(html_escaped(health_sentence(status)));
  out.append(
      "</title><link rel=\"icon\" href=\"data:,\"><noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>");
  out.append("<style>").append(status_page_style()).append("</style></head><body><div id=\"live\"><main>");
  add_health(out, status);
  add_facts(out, status);
  add_streams(out, status);
  add_charts(out, status);
  add_backfill(out, status);
  add_records(out, status);
  add_events(out, status);
  out.append("</main>");
  add_footer(out, status);
  out.append(
      "</div><div id=\"lost\" role=\"alert\" hidden>The daemon does not answer; what you see is the last it said."
      "</div><div id=\"paused\" role=\"status\" hidden>Not refreshed while text is selected.");
  out.append("</div><script>").append(status_page_script()).append("</script></body></html>\n");
  return out;
}

std::string status_page_policy() {
  static const std::string policy = "default-src 'none'; style-src '" + content_hash(status_page_style()) +
                                    "'; script-src '" + content_hash(status_page_script()) +
                                    "'; connect-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'; "
                                    "form-action 'none'";
  return policy;
}

}  // namespace oes
