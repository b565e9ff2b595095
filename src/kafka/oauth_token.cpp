#include "kafka/oauth_token.hpp"

#include <rapidjson/document.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace oes {
namespace {

// Beyond it a number is no time of this world.
constexpr double most_seconds = 1e11;

error bad(const char* why) { return {errc::malformed, why}; }

// RFC 4648 §5, without padding. nullopt: another character.
std::optional<std::string> base64url_decoded(std::string_view text) {
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    unsigned value = 0;
    if (c >= 'A' && c <= 'Z') {
      value = static_cast<unsigned>(c - 'A');
    } else if (c >= 'a' && c <= 'z') {
      value = static_cast<unsigned>(c - 'a') + 26;
    } else if (c >= '0' && c <= '9') {
      value = static_cast<unsigned>(c - '0') + 52;
    } else if (c == '-' || c == '_') {
      value = c == '-' ? 62 : 63;
    } else {
      return std::nullopt;
    }
    bits = (bits << 6U) | value;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xffU);
  }
  return out;
}

std::string text_of(const rapidjson::Value& object, const char* name) {
  const auto field = object.FindMember(name);
  return field != object.MemberEnd() && field->value.IsString() ? field->value.GetString() : "";
}

std::optional<std::chrono::seconds> seconds_of(const rapidjson::Value& object, const char* name) {
  const auto field = object.FindMember(name);
  if (field == object.MemberEnd() || !field->value.IsNumber()) return std::nullopt;
  const double seconds = field->value.GetDouble();
  if (!(seconds > 0) || seconds > most_seconds) return std::nullopt;
  return std::chrono::seconds(static_cast<std::int64_t>(std::floor(seconds)));
}

struct claims {
  std::optional<utc_time> expires;
  std::string subject;
};

claims claims_of(std::string_view jwt) {
  claims out;
  const auto first = jwt.find('.');
  if (first == std::string_view::npos) return out;
  const auto second = std::min(jwt.find('.', first + 1), jwt.size());
  const auto payload = base64url_decoded(jwt.substr(first + 1, second - first - 1));
  rapidjson::Document document;
  if (payload) document.Parse(payload->data(), payload->size());
  if (!payload || !document.IsObject()) return out;
  if (const auto at = seconds_of(document, "exp")) out.expires = utc_time(*at);
  out.subject = text_of(document, "sub");
  return out;
}

std::string_view trimmed(std::string_view text) {
  constexpr auto blank = " \t\r\n";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

result<oauth_token> finished(std::string text, std::optional<utc_time> expires, std::string principal, utc_time now) {
  if (!expires) return bad("it does not tell when the token expires: neither a JWT with exp, nor JSON with expires_in");
  if (*expires <= now) return bad("the token that it prints has expired");
  return oauth_token{std::move(text), principal.empty() ? "unknown" : std::move(principal), *expires};
}

}  // namespace

result<oauth_token> read_oauth_token(std::string_view printed, utc_time now) {
  const auto text = trimmed(printed);
  if (text.empty()) return bad("it prints nothing");
  if (!text.starts_with('{')) {
    if (text.find_first_of(" \t\r\n") != std::string_view::npos) return bad("it prints more than one token");
    auto said = claims_of(text);
    return finished(std::string(text), said.expires, std::move(said.subject), now);
  }
  rapidjson::Document answer;
  answer.Parse(text.data(), text.size());
  if (!answer.IsObject()) return bad("what it prints begins like JSON and is none");
  auto token = text_of(answer, "access_token");
  if (token.empty()) return bad("the JSON that it prints has no access_token");
  auto said = claims_of(token);
  auto expires = said.expires;
  if (const auto span = seconds_of(answer, "expires_in")) expires = now + *span;
  return finished(std::move(token), expires, std::move(said.subject), now);
}

}  // namespace oes
