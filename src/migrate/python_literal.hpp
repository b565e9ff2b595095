#pragma once
// Values as they stand in Python source, in JSON, or in what Python prints: enough to read the options of a job that
// people wrote for the replaced source. Nothing is evaluated: what is no literal is kept as the text that it is. Pure.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/error.hpp"

namespace oes {

struct python_literal {
  enum class kind {
    none,
    boolean,
    number,
    text,
    list,  ///< a tuple or a set, too
    dict,
    code,  ///< an expression: a name, a call, a sum
  };
  kind is = kind::none;
  bool truth = false;
  std::string text;                   ///< of a number and of code: as written
  std::vector<std::string> names;     ///< of a dict: a key for each item
  std::vector<python_literal> items;  ///< of a list or dict
};

/// Walks through Python source or JSON. Bounds: 1 MiB of text, 32 levels; beyond them malformed.
class python_reader {
 public:
  explicit python_reader(std::string_view source) : source_(source) {}

  /// Past blanks, line ends, comments and continued lines.
  void skip_blanks();
  /// Past one string, with its prefix, or one character of anything else.
  void skip_one();
  /// The value that begins here. malformed: with line and what is wrong, never with what the text holds.
  result<python_literal> value();
  /// The arguments of a call, from behind its `(` to behind its `)`: `a=1, b=2` as a dict, values alone as a list.
  result<python_literal> arguments();
  /// A name that begins here (`spark`, `option`), and past it; empty: none does.
  std::string_view name();

  [[nodiscard]] bool at_end() const { return at_ >= source_.size(); }
  [[nodiscard]] bool at(std::string_view word) const { return source_.substr(at_).starts_with(word); }
  /// Past `word` where it stands here.
  bool take(std::string_view word);
  [[nodiscard]] std::size_t position() const { return at_; }
  void go_to(std::size_t position) { at_ = position; }
  [[nodiscard]] std::size_t line() const;

 private:
  [[nodiscard]] error fault(std::string_view what) const;
  [[nodiscard]] char peek(std::size_t ahead = 0) const;
  [[nodiscard]] bool continues_line() const { return peek() == '\\' && (peek(1) == '\n' || peek(1) == '\r'); }
  [[nodiscard]] bool string_begins() const;
  [[nodiscard]] bool value_ends() const;
  result<python_literal> simple_value();
  result<python_literal> list(std::string_view close);
  result<python_literal> dict();
  result<python_literal> named_items(std::string_view close);
  result<python_literal> code();
  result<std::string> string();
  result<void> escape(std::string& into);
  result<char32_t> hex(std::size_t digits);
  std::optional<python_literal> number();
  std::optional<python_literal> word();

  std::string_view source_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
};

/// A whole text that is one value; malformed where more follows.
result<python_literal> read_python_literal(std::string_view text);

}  // namespace oes
