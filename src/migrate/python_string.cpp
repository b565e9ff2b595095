#include "migrate/python_string.hpp"

#include <algorithm>
#include <utility>

namespace oes {
namespace {

constexpr char32_t no_character = 0xFFFD;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_surrogate(char32_t code) { return code >= 0xD800 && code <= 0xDFFF; }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char small = lower(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

void append_utf8(std::string& to, char32_t code) {
  const auto put = [&to](char32_t byte) { to += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6U));
    put(0x80 | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12U));
    put(0x80 | ((code >> 6U) & 0x3FU));
    put(0x80 | (code & 0x3FU));
  } else {
    put(0xF0 | (code >> 18U));
    put(0x80 | ((code >> 12U) & 0x3FU));
    put(0x80 | ((code >> 6U) & 0x3FU));
    put(0x80 | (code & 0x3FU));
  }
}

struct string_parts {
  std::string_view prefix;
  std::string_view inside;
};

string_parts parts_of(std::string_view literal) {
  const auto letters = std::min(literal.find_first_of("'\""), literal.size());
  auto inside = literal.substr(letters);
  const bool three = inside.size() >= 6 && inside[1] == inside[0] && inside[2] == inside[0];
  const std::size_t quote = three ? 3 : 1;
  inside = inside.size() >= 2 * quote ? inside.substr(quote, inside.size() - 2 * quote) : std::string_view();
  return {literal.substr(0, letters), inside};
}

class unescaper {
 public:
  explicit unescaper(std::string_view text) : text_(text) {}

  result<std::string> run() {
    while (!text_.empty()) {
      const char c = next();
      if (c != '\\' || text_.empty()) {
        out_ += c;
      } else if (const auto read = escape(); !read) {
        return read.error();
      }
    }
    return std::move(out_);
  }

 private:
  char next() {
    const char c = text_.front();
    text_.remove_prefix(1);
    return c;
  }

  result<void> escape() {
    constexpr std::string_view letters = "abfnrtv0\\'\"/";
    constexpr std::string_view meanings("\a\b\f\n\r\t\v\0\\'\"/", 12);
    const char c = next();
    if (c == '\n') return {};
    const bool is_octal =
        c >= '0' && c <= '7' && (c != '0' || (!text_.empty() && text_.front() >= '0' && text_.front() <= '7'));
    if (is_octal || (c == 'N' && text_.starts_with('{'))) {
      return error{errc::malformed, "an escape in a string is not read here: write the character itself"};
    }
    if (c == '\r' && text_.starts_with('\n')) {
      next();
    } else if (const auto letter = letters.find(c); letter != std::string_view::npos) {
      out_ += meanings[letter];
    } else if (c == 'x' || c == 'u' || c == 'U') {
      return character(c == 'x' ? 2 : c == 'u' ? 4 : 8);
    } else {  // Python keeps both characters
      out_ += '\\';
      out_ += c;
    }
    return {};
  }

  result<void> character(std::size_t digits) {
    const auto first = hex(digits);
    if (!first) return first.error();
    char32_t code = *first;
    if (code >= 0xD800 && code < 0xDC00 && text_.starts_with("\\u")) {  // JSON writes large ones in two halves
      const auto before = text_;
      text_.remove_prefix(2);
      const auto second = hex(4);
      if (!second) return second.error();
      if (*second >= 0xDC00 && *second <= 0xDFFF) {
        code = 0x10000 + ((code - 0xD800) << 10U) + (*second - 0xDC00);
      } else {
        text_ = before;
      }
    }
    append_utf8(out_, code > 0x10FFFF || is_surrogate(code) ? no_character : code);
    return {};
  }

  result<char32_t> hex(std::size_t digits) {
    char32_t code = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      const int value = text_.empty() ? -1 : hex_value(text_.front());
      if (value < 0) return error{errc::malformed, "an escape in a string lacks hexadecimal digits"};
      code = (code << 4U) | static_cast<char32_t>(value);
      text_.remove_prefix(1);
    }
    return code;
  }

  std::string_view text_;
  std::string out_;
};

}  // namespace

result<std::string> string_of(std::string_view literal) {
  const auto [prefix, inside] = parts_of(literal);
  if (prefix.find_first_of("rR") != std::string_view::npos) return std::string(inside);
  return unescaper(inside).run();
}

bool has_expressions(std::string_view literal) {
  const auto [prefix, inside] = parts_of(literal);
  return prefix.find_first_of("fF") != std::string_view::npos && inside.find_first_of("{}") != std::string_view::npos;
}

bool is_bytes(std::string_view literal) {
  return parts_of(literal).prefix.find_first_of("bB") != std::string_view::npos;
}

std::optional<std::vector<f_string_piece>> f_string_pieces(std::string_view literal) {
  const auto [prefix, inside] = parts_of(literal);
  std::vector<f_string_piece> out;
  std::string text;
  for (std::size_t at = 0; at < inside.size(); ++at) {
    const char c = inside[at];
    const bool twice = at + 1 < inside.size() && inside[at + 1] == c;
    if (c != '{' && c != '}') {
      text += c;
    } else if (twice) {
      text += c;
      ++at;
    } else {
      const auto end = inside.find('}', at);
      if (c == '}' || end == std::string_view::npos) return std::nullopt;
      const auto code = inside.substr(at + 1, end - at - 1);
      if (code.find_first_of("{:!=\\") != std::string_view::npos) return std::nullopt;
      out.push_back({std::move(text), false});
      text.clear();
      out.push_back({std::string(code), true});
      at = end;
    }
  }
  out.push_back({std::move(text), false});
  const bool raw = prefix.find_first_of("rR") != std::string_view::npos;
  for (auto& piece : out) {
    if (piece.is_expression || raw) continue;
    auto read = unescaper(piece.text).run();
    if (!read) return std::nullopt;
    piece.text = std::move(*read);
  }
  return out;
}

}  // namespace oes
