#include "migrate/python_literal.hpp"

#include <algorithm>
#include <utility>

namespace oes {
namespace {

constexpr std::size_t most_levels = 32;
constexpr std::size_t most_bytes = 1024UL * 1024;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool begins_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool goes_on(char c) { return begins_name(c) || is_digit(c); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
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

constexpr char32_t no_character = 0xFFFD;
bool is_surrogate(char32_t code) { return code >= 0xD800 && code <= 0xDFFF; }

}  // namespace

char python_reader::peek(std::size_t ahead) const { return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0'; }

std::size_t python_reader::line() const {
  const auto before = source_.substr(0, std::min(at_, source_.size()));
  return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

error python_reader::fault(std::string_view what) const {
  return {errc::malformed, "line " + std::to_string(line()) + ": " + std::string(what)};
}

bool python_reader::take(std::string_view word) {
  if (!at(word)) return false;
  at_ += word.size();
  return true;
}

void python_reader::skip_blanks() {
  while (!at_end()) {
    const char c = peek();
    if (c == '#') {
      while (!at_end() && peek() != '\n') ++at_;
    } else if (std::string_view(" \t\r\n\f").find(c) != std::string_view::npos || continues_line()) {
      ++at_;
    } else if (at("\xEF\xBB\xBF")) {  // a byte order mark
      at_ += 3;
    } else {
      return;
    }
  }
}

std::string_view python_reader::name() {
  if (!begins_name(peek())) return {};
  const auto begin = at_;
  while (goes_on(peek())) ++at_;
  return source_.substr(begin, at_ - begin);
}

// A quote, or one behind a prefix like r, b, f, rb.
bool python_reader::string_begins() const {
  std::size_t i = 0;
  while (i < 2 && std::string_view("rRbBfFuU").find(peek(i)) != std::string_view::npos && peek(i) != '\0') ++i;
  return peek(i) == '"' || peek(i) == '\'';
}

void python_reader::skip_one() {
  if (at_end()) return;
  if (string_begins()) {
    const auto begin = at_;
    if (string()) return;
    at_ = begin;
  }
  if (name().empty()) ++at_;
}

result<char32_t> python_reader::hex(std::size_t digits) {
  char32_t code = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const int value = hex_value(peek());
    if (value < 0) return fault("an escape in a string lacks hexadecimal digits");
    code = (code << 4U) | static_cast<char32_t>(value);
    ++at_;
  }
  return code;
}

// Behind the backslash.
result<void> python_reader::escape(std::string& into) {
  constexpr std::string_view plain = "\\'\"/";
  constexpr std::string_view letters = "abfnrtv0";
  constexpr std::string_view meanings("\a\b\f\n\r\t\v\0", 8);
  const char c = peek();
  ++at_;
  if (c == '\n') return {};
  if (plain.find(c) != std::string_view::npos) {
    into += c;
    return {};
  }
  if (const auto letter = letters.find(c); letter != std::string_view::npos && c != '\0') {
    into += meanings[letter];
    return {};
  }
  if (c != 'x' && c != 'u' && c != 'U') {  // Python keeps both characters
    into += '\\';
    into += c;
    return {};
  }
  const auto first = hex(c == 'x' ? 2 : c == 'u' ? 4 : 8);
  if (!first) return first.error();
  char32_t code = *first;
  if (code >= 0xD800 && code < 0xDC00 && at("\\u")) {  // JSON writes what is beyond the first plane in two halves
    const auto before = at_;
    at_ += 2;
    const auto second = hex(4);
    if (!second) return second.error();
    if (*second >= 0xDC00 && *second <= 0xDFFF) {
      code = 0x10000 + ((code - 0xD800) << 10U) + (*second - 0xDC00);
    } else {
      at_ = before;
    }
  }
  append_utf8(into, code > 0x10FFFF || is_surrogate(code) ? no_character : code);
  return {};
}

result<std::string> python_reader::string() {
  bool raw = false;
  for (; peek() != '"' && peek() != '\''; ++at_) raw = raw || lower(peek()) == 'r';
  const std::string one(1, peek());
  const auto quote = at(one + one + one) ? one + one + one : one;
  at_ += quote.size();
  std::string out;
  while (!at(quote)) {
    if (at_end() || (quote.size() == 1 && peek() == '\n')) return fault("a string does not end");
    if (peek() == '\\' && at_ + 1 < source_.size()) {
      ++at_;
      if (raw) {
        out += '\\';
        out += peek();
        ++at_;
        continue;
      }
      if (const auto read = escape(out); !read) return read.error();
      continue;
    }
    out += peek();
    ++at_;
  }
  at_ += quote.size();
  return out;
}

std::optional<python_literal> python_reader::number() {
  const auto begin = at_;
  if (peek() == '-' || peek() == '+') ++at_;
  python_literal out;
  out.is = python_literal::kind::number;
  bool digits = false;
  for (bool exponent = false; !at_end(); ++at_) {
    const char c = peek();
    digits = digits || is_digit(c);
    if (c == '_') continue;
    const bool sign = exponent && (c == '-' || c == '+') && lower(source_[at_ - 1]) == 'e';
    if (!is_digit(c) && c != '.' && !sign && !(lower(c) == 'e' && digits && !exponent)) break;
    exponent = exponent || lower(c) == 'e';
    out.text += c;
  }
  if (!digits || goes_on(peek())) {
    at_ = begin;
    return std::nullopt;
  }
  if (source_[begin] == '-') out.text.insert(0, "-");
  return out;
}

std::optional<python_literal> python_reader::word() {
  using kind = python_literal::kind;
  const auto begin = at_;
  const auto found = name();
  if (found == "None" || found == "null") return python_literal{};
  if (found == "True" || found == "true" || found == "False" || found == "false") {
    return python_literal{kind::boolean, lower(found.front()) == 't', {}, {}, {}};
  }
  at_ = begin;
  return std::nullopt;
}

// Whether a value may end here: nothing is done with it behind this place.
bool python_reader::value_ends() const {
  auto look = *this;
  while (look.peek() == ' ' || look.peek() == '\t' || look.peek() == '\r') ++look.at_;
  const char c = look.peek();
  if (c == '\n' && depth_ > 0) {
    look.skip_blanks();
    return look.value_ends() || look.at_end();
  }
  return look.at_end() || c == '\n' || c == '#' || c == ';' ||
         std::string_view(",]})").find(c) != std::string_view::npos || (c == ':' && depth_ > 0);
}

// An expression, up to where it ends: its brackets are balanced, its strings are whole.
result<python_literal> python_reader::code() {
  python_literal out;
  out.is = python_literal::kind::code;
  const auto begin = at_;
  std::size_t open = 0;
  while (!at_end()) {
    const char c = peek();
    if (open == 0 && (std::string_view(",]})").find(c) != std::string_view::npos || (c == '\n' && depth_ == 0))) break;
    if (open == 0 && c == ':' && depth_ > 0) break;
    if (std::string_view("([{").find(c) != std::string_view::npos) ++open;
    if (std::string_view(")]}").find(c) != std::string_view::npos) --open;
    if (string_begins()) {
      if (const auto whole = string(); !whole) return whole.error();
    } else if (c == '#') {
      skip_blanks();
    } else {
      ++at_;
    }
  }
  auto text = source_.substr(begin, at_ - begin);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n' || text.back() == '\r' || text.back() == '\t')) {
    text.remove_suffix(1);
  }
  if (text.empty()) return fault("a value is missing");
  out.text = text;
  return out;
}

result<python_literal> python_reader::simple_value() {
  if (take("[")) return list("]");
  if (take("(")) return list(")");
  if (take("{")) return dict();
  if (at("dict(")) {
    at_ += 5;
    return named_items(")");
  }
  if (string_begins()) {
    const auto prefix = source_.substr(at_, source_.find_first_of("'\"", at_) - at_);
    if (prefix.find_first_of("fF") != std::string_view::npos) return code();
    python_literal out;
    out.is = python_literal::kind::text;
    while (string_begins()) {  // neighbours are one text
      const auto more = string();
      if (!more) return more.error();
      out.text += *more;
      const auto end = at_;
      if (depth_ > 1) skip_blanks();  // within brackets
      if (!string_begins()) at_ = end;
    }
    return out;
  }
  if (auto found = word()) return *found;
  if (auto found = number()) return *found;
  return code();
}

result<python_literal> python_reader::value() {
  if (source_.size() > most_bytes) return error{errc::malformed, "it is larger than 1 MiB"};
  if (depth_ >= most_levels) return fault("it is nested too deeply");
  skip_blanks();
  const auto begin = at_;
  ++depth_;
  auto out = simple_value();
  --depth_;
  if (!out || value_ends()) return out;
  // Something is done with it: `3600 * 2`, `datetime(2024, 1, 1) - day`.
  at_ = begin;
  return code();
}

result<python_literal> python_reader::list(std::string_view close) {
  python_literal out;
  out.is = python_literal::kind::list;
  bool one_alone = close == ")";  // in brackets, which make no tuple
  while (true) {
    skip_blanks();
    if (take(close)) break;
    if (at_end()) return fault("a list does not end");
    auto item = value();
    if (!item) return item;
    out.items.push_back(std::move(*item));
    skip_blanks();
    if (take(",")) {
      one_alone = false;
    } else if (!at(close)) {
      return fault(at_end() ? "a list does not end" : "a ',' is missing in a list");
    }
  }
  if (one_alone && out.items.size() == 1) return std::move(out.items.front());
  return out;
}

// Behind the `{`; a set is a list.
result<python_literal> python_reader::dict() {
  python_literal out;
  out.is = python_literal::kind::dict;
  while (true) {
    skip_blanks();
    if (take("}")) return out;
    if (at_end()) return fault("a dict does not end");
    if (at("**")) {  // another dict unpacked into it, which is not known here
      auto other = code();
      if (!other) return other;
    } else {
      auto key = value();
      if (!key) return key;
      skip_blanks();
      const bool of_set = out.names.empty() && (at(",") || at("}"));
      if (of_set) {
        take(",");
        auto rest = list("}");
        if (!rest) return rest;
        rest->items.insert(rest->items.begin(), std::move(*key));
        return rest;
      }
      if (!take(":")) return fault("a ':' is missing in a dict");
      auto item = value();
      if (!item) return item;
      out.names.push_back(std::move(key->text));
      out.items.push_back(std::move(*item));
      skip_blanks();
    }
    if (!take(",") && !at("}")) return fault(at_end() ? "a dict does not end" : "a ',' is missing in a dict");
  }
}

// `a=1, b=2`, as a call has them.
result<python_literal> python_reader::named_items(std::string_view close) {
  python_literal out;
  out.is = python_literal::kind::dict;
  while (true) {
    skip_blanks();
    if (take(close)) return out;
    const std::string key(name());
    skip_blanks();
    if (key.empty() || at("==") || !take("=")) return fault("a named argument was expected");
    auto item = value();
    if (!item) return item;
    out.names.push_back(key);
    out.items.push_back(std::move(*item));
    skip_blanks();
    if (!take(",") && !at(close)) return fault("a ',' is missing between arguments");
  }
}

result<python_literal> python_reader::arguments() {
  const auto begin = at_;
  skip_blanks();
  if (!name().empty()) {
    skip_blanks();
    const bool named = at("=") && !at("==");
    at_ = begin;
    if (named) return named_items(")");
  }
  at_ = begin;
  ++depth_;
  auto out = list(")");
  --depth_;
  if (out && out->is != python_literal::kind::list) {
    python_literal one;
    one.is = python_literal::kind::list;
    one.items.push_back(std::move(*out));
    return one;
  }
  return out;
}

result<python_literal> read_python_literal(std::string_view text) {
  python_reader reader(text);
  auto out = reader.value();
  if (!out) return out;
  reader.skip_blanks();
  if (!reader.at_end()) {
    return error{errc::malformed, "line " + std::to_string(reader.line()) + ": something follows the value"};
  }
  return out;
}

}  // namespace oes
