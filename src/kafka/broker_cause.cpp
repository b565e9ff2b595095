#include "kafka/broker_cause.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace oes {
namespace {

constexpr auto recent_for = std::chrono::minutes(1);

using kind = broker_cause::kind;

bool has(std::string_view text, std::string_view part) {
  const auto same = [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return lower(a) == lower(b);
  };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

// The first that is found decides.
constexpr std::array<std::pair<std::string_view, kind>, 13> telling{{
    {"authentication", kind::authentication},
    {"oauthbearer", kind::authentication},
    {"invalid username", kind::authentication},
    {"sasl", kind::authentication},
    {"authorization", kind::authorization},
    {"verify that security.protocol", kind::protocol},
    {"might require sasl", kind::protocol},
    {"resolve", kind::name},
    {"certificate", kind::tls},
    {"ssl", kind::tls},
    {"connection refused", kind::connection},
    {"connect to", kind::connection},
    {"disconnected", kind::connection},
}};

// Where the lines name the thread and broker, the words that tell are looked for after them: `sasl_ssl://` is no
// cause.
std::string_view said(std::string_view line) {
  const auto colon = line.find(": ");
  return colon == std::string_view::npos ? line : line.substr(colon);
}

}  // namespace

// `[thrd:sasl_ssl://k:9092/bootstrap]: sasl_ssl://k:9092/bootstrap: what (after 3ms in state …)` → `k:9092: what`
std::string plain_line(std::string_view text) {
  if (text.starts_with("[thrd:")) {
    const auto end = text.find("]: ");
    if (end != std::string_view::npos) text.remove_prefix(end + 3);
  }
  const auto after = text.find(" (after ");
  if (after != std::string_view::npos) text = text.substr(0, after);
  const auto scheme = text.find("://");
  if (scheme != std::string_view::npos && text.substr(0, scheme).find(' ') == std::string_view::npos)
    text.remove_prefix(scheme + 3);
  std::string out(text);
  const auto role = out.find("/bootstrap: ");
  if (role != std::string::npos) out.erase(role, std::string_view("/bootstrap").size());
  return out;
}

std::optional<broker_cause> cause_in(std::string_view facility, std::string_view text) {
  if (facility == "CONFWARN") return std::nullopt;
  auto line = plain_line(text);
  const auto words = said(line);
  for (const auto& [part, what] : telling) {
    if (has(words, part)) return broker_cause{what, std::move(line)};
  }
  return std::nullopt;
}

void cause_memory::heard(broker_cause cause, time_point now) {
  const bool stale = !known_ || now - at_ > recent_for;
  if (!stale && cause.what < known_->what) return;
  known_ = std::move(cause);
  at_ = now;
}

std::string cause_memory::recent(time_point now) const {
  return known_ && now - at_ <= recent_for ? known_->text : std::string();
}

}  // namespace oes
