#include "migrate/python_tokens.hpp"

#include <algorithm>

namespace oes {
namespace {

using token_kind = python_token::kind;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
// Letters beyond ASCII too.
bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool goes_on(char c) { return begins_name(c) || is_digit(c); }
bool is_any_of(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

class lexer {
 public:
  lexer(std::string_view source, std::vector<python_token>& out) : source_(source), out_(out) {}

  void run() {
    if (source_.starts_with("\xEF\xBB\xBF")) at_ = line_begin_ = 3;  // a byte order mark
    while (at_ < source_.size()) {
      const char c = source_[at_];
      if (c == '\n') {
        end_line();
      } else if (is_any_of(c, " \t\r\f")) {
        ++at_;
      } else if (c == '#' || (is_scala_ && c == '/' && peek(1) == '/')) {
        at_ = std::min(source_.find('\n', at_), source_.size());
      } else if (continues_line()) {
        at_ = source_.find('\n', at_) + 1;
        ++line_;
      } else {
        token();
      }
    }
    put(token_kind::end, at_);
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }
  [[nodiscard]] bool continues_line() const {
    return peek() == '\\' && (peek(1) == '\n' || (peek(1) == '\r' && peek(2) == '\n'));
  }

  void end_line() {
    if (open_.empty() && in_statement_) put(token_kind::line_end, at_);
    if (open_.empty()) in_statement_ = false;
    ++at_;
    ++line_;
    line_begin_ = at_;
  }

  void put(token_kind is, std::size_t begin) { put(is, begin, line_); }
  void put(token_kind is, std::size_t begin, std::uint32_t line) {
    python_token one;
    one.is = is;
    one.begin = static_cast<std::uint32_t>(begin);
    one.size = static_cast<std::uint32_t>(at_ - begin);
    one.line = line;
    one.indent = indent_;
    out_.push_back(one);
  }

  void token() {
    // A line that begins with a dot goes on with the one before: in Scala, and where a chain lost its brackets.
    const bool goes_on_here =
        peek() == '.' && !is_digit(peek(1)) && !out_.empty() && out_.back().is == token_kind::line_end;
    if (goes_on_here) out_.pop_back();
    if (!in_statement_ && !goes_on_here) {
      indent_ = static_cast<std::uint32_t>(at_ - line_begin_);
      const auto rest = source_.substr(at_);
      is_scala_ = (rest.starts_with("val ") || rest.starts_with("var ")) && begins_name(peek(4));
    }
    in_statement_ = true;
    const auto begin = at_;
    if (const auto prefix = string_prefix()) {
      at_ += *prefix;
      return string(begin);
    }
    const char c = peek();
    if (begins_name(c)) {
      while (goes_on(peek())) ++at_;
      put(token_kind::name, begin);
    } else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
      number();
      put(token_kind::number, begin);
    } else {
      sign();
    }
  }

  // How many letters stand before a quote here; nullopt: no string begins.
  [[nodiscard]] std::optional<std::size_t> string_prefix() const {
    std::size_t letters = 0;
    while (letters < 2 && peek(letters) != '\0' && is_any_of(peek(letters), "rRbBfFuU")) ++letters;
    if (peek(letters) != '"' && peek(letters) != '\'') return std::nullopt;
    return letters;
  }

  void string(std::size_t begin) {
    const auto line = line_;
    const char one = peek();
    const bool three = peek(1) == one && peek(2) == one;
    at_ += three ? 3 : 1;
    while (at_ < source_.size()) {
      if (peek() == one && (!three || (peek(1) == one && peek(2) == one))) {
        at_ += three ? 3 : 1;
        return put(token_kind::string, begin, line);
      }
      if (peek() == '\n' && !three) break;
      if (peek() == '\\') at_ += peek(1) == '\r' && peek(2) == '\n' ? 2 : 1;
      if (peek() == '\n') ++line_;
      at_ = std::min(at_ + 1, source_.size());
    }
    put(token_kind::broken_string, begin, line);
  }

  void number() {
    while (goes_on(peek()) || peek() == '.') {
      const bool exponent = peek() == 'e' || peek() == 'E';
      ++at_;
      if (exponent && (peek() == '-' || peek() == '+') && is_digit(peek(1))) ++at_;
    }
  }

  void sign() {
    const auto begin = at_;
    const char c = peek();
    ++at_;
    if ((c == '*' && peek() == '*') || (is_any_of(c, "=!<>+-*/%&|^@:") && peek() == '=')) ++at_;
    put(token_kind::sign, begin);
    const auto place = static_cast<std::uint32_t>(out_.size() - 1);
    if (is_any_of(c, "([{")) {
      open_.push_back(place);
    } else if (is_any_of(c, ")]}") && !open_.empty() && source_[out_[open_.back()].begin] == opener_of(c)) {
      out_[place].partner = open_.back();
      out_[open_.back()].partner = place;
      open_.pop_back();
    }
  }

  static char opener_of(char c) { return c == ')' ? '(' : c == ']' ? '[' : '{'; }

  std::string_view source_;
  std::vector<python_token>& out_;
  std::size_t at_ = 0;
  std::size_t line_begin_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t indent_ = 0;
  bool in_statement_ = false;
  bool is_scala_ = false;            ///< the statement is, whose remarks begin with two slashes
  std::vector<std::uint32_t> open_;  ///< places of brackets that wait for theirs
};

}  // namespace

python_tokens::python_tokens(std::string_view source) : source_(source) {
  lexer(source, tokens_).run();
  const auto found =
      std::find_if(tokens_.begin(), tokens_.end(), [](const auto& one) { return one.is == token_kind::broken_string; });
  if (found != tokens_.end()) first_broken_ = static_cast<std::size_t>(found - tokens_.begin());
}

std::string_view python_tokens::text(std::size_t first, std::size_t behind) const {
  if (behind <= first) return {};
  const auto begin = (*this)[first].begin;
  const auto& last = (*this)[behind - 1];
  return source_.substr(begin, last.begin + last.size - begin);
}

bool python_tokens::is(std::size_t place, std::string_view word) const {
  const auto is = (*this)[place].is;
  return (is == token_kind::name || is == token_kind::sign) && text(place) == word;
}

}  // namespace oes
