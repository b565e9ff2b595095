#include <utility>
#include <vector>

#include "decode/decode.hpp"
#include "decode/json_scanner.hpp"
#include "model/utf8.hpp"

namespace oes {
namespace {

// What is read of an error body; a reason stands at its beginning.
constexpr std::size_t most_read = 64UL * 1024;
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

// One entry of a list of details: `{"loc":["query","metrics",0],"msg":"Input should be …","input":"pover"}`.
struct complaint {
  std::string where;
  std::string message;
  std::string input;

  // What was wrong stands first: the message may list all that would be right.
  [[nodiscard]] std::string text() const {
    return message.empty() || input.empty() ? message : where + " '" + input + "': " + message;
  }
};

// In a string detail the string itself; inside an array or object what each entry complains about.
reasons collect(std::string& body) {
  json_scanner scanner(body);
  reasons out;
  complaint entry;
  std::string top_key, key;
  for (unsigned depth = 0;;) {
    const auto token = scanner.next();
    switch (token) {
      case json_token::end:
      case json_token::fault:
        add(out.detail, entry.text());
        return out;
      case json_token::begin_object:
      case json_token::begin_array:
        ++depth;
        break;
      case json_token::end_object:
      case json_token::end_array:
        --depth;
        if (depth == 1 || (depth == 2 && token == json_token::end_object)) {
          add(out.detail, std::exchange(entry, {}).text());
        }
        break;
      case json_token::key:
        key = scanner.text();
        if (depth == 1) top_key = key;
        break;
      case json_token::text: {
        if (depth == 1 && top_key == "error") out.error = scanner.text();
        if (depth == 1 && top_key == "detail") out.detail = scanner.text();
        if (depth < 2 || top_key != "detail") break;
        if (depth == 4 && key == "loc") entry.where = scanner.text();
        if (depth > 3) break;
        if (key == "input") entry.input = scanner.text();
        if (key == "msg" || key == "message" || key == "error") add(entry.message, scanner.text());
        if (key == "detail") add(out.detail, scanner.text());
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
  std::string copy(body.substr(0, most_read));
  const auto found = collect(copy);
  return one_line(found.error.empty() ? found.detail : found.error);
}

}  // namespace oes
