#include "telemetry/cause_words.hpp"

#include <algorithm>
#include <array>

#include "model/utf8.hpp"

namespace oes {
namespace {

constexpr std::string_view blanks = " \t\r\n";
constexpr std::string_view around_words = "()[]{}<>,;:.?!\"'`";

// Put together like names, and none: causes speak of them.
constexpr std::array<std::string_view, 2> settings{"security.protocol", "kafka.token_command"};
// Ours are written in lower case; librdkafka's `Topic authorization failed` is not.
constexpr std::array<std::string_view, 6> before_names{"topic", "group", "deployment", "registry", "resolve", "host"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

// Quotes become `''`. An apostrophe within a word is none.
std::string without_quoted(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool opens = (c == '\'' || c == '"') && (i == 0 || !is_letter(text[i - 1]));
    const auto end = opens ? text.find(c, i + 1) : std::string_view::npos;
    if (end == std::string_view::npos) {
      out += c;
      continue;
    }
    out += "''";
    i = end;
  }
  return out;
}

// OpenSSL's `routines::unexpected eof` is two words.
std::string without_double_colons(std::string text) {
  for (auto at = text.find("::"); at != std::string::npos; at = text.find("::", at + 1)) text.replace(at, 2, ": ");
  return text;
}

std::string_view next_token(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
  const auto token = rest.substr(0, rest.find_first_of(blanks));
  rest.remove_prefix(token.size());
  return token;
}

std::string_view trimmed(std::string_view token) {
  const auto first = token.find_first_not_of(around_words);
  if (first == std::string_view::npos) return {};
  return token.substr(first, token.find_last_not_of(around_words) - first + 1);
}

bool is_put_together(std::string_view word) {
  return word.find_first_of(".:/_-#@=") != std::string_view::npos &&
         std::find(settings.begin(), settings.end(), word) == settings.end();
}

bool announces_name(std::string_view before, std::string_view last) {
  if (last == "with") return before == "handshake";
  return before != "a" && std::find(before_names.begin(), before_names.end(), last) != before_names.end();
}

}  // namespace

std::string cause_words(std::string_view why) {
  const auto text = without_double_colons(without_quoted(why));
  std::string out;
  std::string_view rest = text;
  std::string_view before;
  std::string_view last;
  for (auto token = next_token(rest); !token.empty(); token = next_token(rest)) {
    const auto word = trimmed(token);
    const bool is_name = is_put_together(word) || announces_name(before, last);
    if (!is_name && !word.empty()) out.append(ascii_lower(word)).append(" ");
    before = last;
    last = token;
  }
  return out;
}

std::string_view named_broker(std::string_view why) {
  for (auto token = next_token(why); !token.empty(); token = next_token(why)) {
    auto name = trimmed(token);
    const auto scheme = name.find("://");
    if (scheme != std::string_view::npos) name.remove_prefix(scheme + 3);
    name = name.substr(0, name.find('/'));
    const auto colon = name.rfind(':');
    const bool has_port = colon != std::string_view::npos && colon > 0 && colon + 1 < name.size() &&
                          name.find_first_not_of("0123456789", colon + 1) == std::string_view::npos;
    if (has_port) return name;
  }
  return {};
}

}  // namespace oes
