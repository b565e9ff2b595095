#include "fetch/classify.hpp"

#include "fetch/retry_after.hpp"
#include "model/utf8.hpp"

namespace oes {
namespace {

constexpr std::size_t longest_told = 300;

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// "Date start must be before date end" and its likely rewordings; not "Date range too large", "too far in the past".
bool is_order_complaint(std::string_view text) {
  const std::string said = ascii_lower(text);
  return holds(said, "start") && holds(said, "end") && (holds(said, "before") || holds(said, "after"));
}

std::string said_by_server(const http_reply& reply, const reply_circumstances& around) {
  if (!around.server_text.empty()) return one_line(around.server_text, longest_told);
  return one_line(reply.reason, longest_told);
}

std::string status_line(const http_reply& reply, const reply_circumstances& around) {
  const std::string said = said_by_server(reply, around);
  return said.empty() ? std::to_string(reply.status) : std::to_string(reply.status) + " " + said;
}

/// Counted from the answer's own Date, so that a clock which differs from the server's does no harm.
std::optional<std::chrono::seconds> wait_asked_for(const http_reply& reply, utc_time now) {
  const auto sent = parse_answer_time(reply.date, reply.age, now);
  return parse_retry_after(reply.retry_after, sent.value_or(now));
}

error refused_key(const http_reply& reply, const reply_circumstances& around) {
  error out{errc::bad_key, status_line(reply, around), std::nullopt, reply.status};
  switch (around.key) {
    case key_standing::anonymous:
      out.context += " (no API key is configured)";
      break;
    case key_standing::never_worked:
      out.context += " (this API key has never worked)";
      break;
    case key_standing::known_good:
      out.code = errc::limit_reached;
      out.context += " (the key has worked before: credits or rate limit)";
      break;
  }
  return out;
}

errc code_of_client_error(const http_reply& reply, const reply_circumstances& around, body_kind kind) {
  switch (reply.status) {
    case 404:
      if (around.server_text == "Not Found") return errc::rejected;  // the route, not the rows
      return kind == body_kind::json ? errc::not_yet : errc::server_error;
    case 400:
      return around.start == window_start::near_now && is_order_complaint(around.server_text) ? errc::not_yet
                                                                                              : errc::rejected;
    case 408:
    case 425:
      return errc::server_error;
    default:
      return errc::rejected;
  }
}

std::string redirect_text(const http_reply& reply) {
  std::string out = std::to_string(reply.status) + " redirect";
  if (!reply.location.empty()) out += " to " + one_line(reply.location, 200);
  return out + ", not followed";
}

}  // namespace

body_kind kind_of(const http_reply& reply) {
  const auto at = reply.body.find_first_not_of(" \t\r\n");
  if (at == std::string::npos) return body_kind::empty;
  if (holds(ascii_lower(reply.content_type), "html") || reply.body[at] == '<') return body_kind::html;
  return reply.body[at] == '{' || reply.body[at] == '[' ? body_kind::json : body_kind::other;
}

window_start where_it_starts(const fetch_request& request, utc_time now) {
  const auto& id = request.identity;
  const auto local_now = to_network_time(now, id.net);
  const auto this_bucket = bucket_floor(local_now, id.interval);
  const auto step = bucket_add(this_bucket, id.interval, 1) - this_bucket;
  const auto distance = request.window.start - local_now;
  return distance <= step && distance >= -step ? window_start::near_now : window_start::elsewhere;
}

namespace {

std::optional<error> meaning_of(const http_reply& reply, const reply_circumstances& around) {
  const auto kind = kind_of(reply);
  const int status = reply.status;
  if (status == 200 && kind == body_kind::json) return std::nullopt;
  if (status == 429) {
    return error{errc::rate_limited, status_line(reply, around), std::nullopt, status};
  }
  if (status >= 300 && status < 400) return error{errc::rejected, redirect_text(reply), std::nullopt, status};
  if (kind == body_kind::html) {
    return error{errc::server_error, std::to_string(status) + " with an HTML page instead of JSON", std::nullopt,
                 status};
  }
  if (status >= 200 && status < 300) {
    return error{errc::server_error, std::to_string(status) + " without a JSON body", std::nullopt, status};
  }
  if (status == 401 || status == 403) return refused_key(reply, around);
  if (status >= 400 && status < 500) {
    const auto code = code_of_client_error(reply, around, kind);
    return error{code, status_line(reply, around), std::nullopt, status};
  }
  return error{errc::server_error, status_line(reply, around), std::nullopt, status};
}

}  // namespace

std::optional<error> classify(const http_reply& reply, const reply_circumstances& around) {
  auto meaning = meaning_of(reply, around);
  // Maintenance says it, proxies say it, and a limit does (RFC 9110 §10.2.3).
  if (meaning) meaning->retry_after = wait_asked_for(reply, around.now);
  return meaning;
}

}  // namespace oes
