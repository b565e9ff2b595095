#include <utility>
#include <vector>

#include "decode/decode.hpp"
#include "decode/json_scanner.hpp"
#include "decode/kept_text.hpp"

namespace oes {
namespace {

constexpr std::size_t max_body = 1024UL * 1024;
constexpr std::size_t max_text = 300;

// Texts worth showing from an error body: the `error` string, and what `detail` holds.
struct reasons {
  std::string error;
  std::string detail;
};

void add(std::string& to, std::string_view text) {
  if (text.empty() || to.size() > max_text) return;
  if (!to.empty()) to += "; ";
  to += text;
}

// In a string detail the string itself; inside an array or object the `msg` of each entry.
reasons collect(std::string& body) {
  json_scanner scanner(body);
  reasons out;
  std::string top_key, key;
  for (unsigned depth = 0;;) {
    const auto token = scanner.next();
    switch (token) {
      case json_token::end:
      case json_token::fault:
        return out;
      case json_token::begin_object:
      case json_token::begin_array:
        ++depth;
        break;
      case json_token::end_object:
      case json_token::end_array:
        --depth;
        break;
      case json_token::key:
        key = scanner.text();
        if (depth == 1) top_key = key;
        break;
      case json_token::text: {
        if (depth == 1 && top_key == "error") out.error = scanner.text();
        if (depth == 1 && top_key == "detail") out.detail = scanner.text();
        const bool message = key == "msg" || key == "message" || key == "error";
        if (depth > 1 && depth <= 3 && top_key == "detail" && (message || key == "detail"))
          add(out.detail, scanner.text());
        break;
      }
      case json_token::number:
      case json_token::boolean:
      case json_token::null:
        break;
    }
  }
}

// One line of at most 300 characters, cut between UTF-8 characters; other encodings are shown as far as they are ASCII.
std::string one_line(std::string_view text) {
  std::string out;
  const bool utf8 = is_utf8(text);
  for (const char c : text.substr(0, 4 * max_text)) {
    const bool space = static_cast<unsigned char>(c) <= ' ' || c == '\x7F';
    const bool shown = utf8 || static_cast<unsigned char>(c) < 0x80;
    if (!space) out += shown ? c : '?';
    if (space && !out.empty() && out.back() != ' ') out += ' ';
  }
  if (out.size() > max_text) {
    std::size_t cut = max_text - 3;
    while (cut > 0 && (static_cast<unsigned char>(out[cut]) & 0xC0U) == 0x80U) --cut;
    out.resize(cut);
    out += "...";
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace

std::string error_text(std::string_view body) {
  if (body.size() > max_body) return {};
  std::string copy(body);
  const auto found = collect(copy);
  return one_line(found.error.empty() ? found.detail : found.error);
}

}  // namespace oes
