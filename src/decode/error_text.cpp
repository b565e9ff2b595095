#include <utility>
#include <vector>

#include "decode/decode.hpp"
#include "decode/json_scanner.hpp"
#include "model/utf8.hpp"

namespace oes {
namespace {

// What is read of an error body; a reason stands at its beginning.
constexpr std::size_t max_body = 64UL * 1024;
constexpr std::size_t max_text = 4096;

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

}  // namespace

std::string error_text(std::string_view body) {
  std::string copy(body.substr(0, max_body));
  const auto found = collect(copy);
  return one_line(found.error.empty() ? found.detail : found.error);
}

}  // namespace oes
