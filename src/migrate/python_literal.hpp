#pragma once
// Values as they stand in Python source, in JSON, or in what Python prints: enough to read the options of a job that
// people wrote for the replaced source. Nothing is evaluated: what is no literal is kept as the text that it is. Pure.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "migrate/python_tokens.hpp"
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
  std::size_t line = 0;               ///< of code: where a script decides what it is; 0: where it stands
  std::vector<python_literal> keys;   ///< of a dict: one for each item, as they stand there, the same twice too
  std::vector<python_literal> items;  ///< of a list or dict

  static python_literal of_code(std::string_view text);
  /// The key of an item that is another dict, unpacked into this one: `**other`.
  static python_literal unpacking() { return of_code("**"); }
  [[nodiscard]] bool is_unpacking() const { return is == kind::code && text == "**"; }
};

/// The arguments of a call.
struct python_arguments {
  std::vector<python_literal> values;
  python_literal named;  ///< a dict
};

/// Walks through the pieces. Bounds: 32 levels; beyond them malformed.
class python_reader {
 public:
  explicit python_reader(const python_tokens& tokens, std::size_t place = 0) : tokens_(tokens), at_(place) {}

  /// The value that begins here. malformed: with line and what is wrong, never with what the text holds.
  result<python_literal> value();
  /// The same, whatever is done with it afterwards: of `{…}.items()` the dict.
  result<python_literal> literal();
  /// From a call's `(` to after its `)`.
  result<python_arguments> arguments();

  [[nodiscard]] bool at(std::string_view word) const { return tokens_.is(at_, word); }
  /// `{…}` or `dict(…)`.
  [[nodiscard]] bool at_dict() const { return at("{") || (at("dict") && tokens_.is(at_ + 1, "(")); }
  [[nodiscard]] std::size_t position() const { return at_; }
  /// How many pieces were looked at: the measure of the work done.
  [[nodiscard]] std::size_t steps() const { return steps_; }

 private:
  [[nodiscard]] error fault(std::string_view what) const { return fault_at(at_, what); }
  [[nodiscard]] error fault_at(std::size_t place, std::string_view what) const;
  bool take(std::string_view word);
  [[nodiscard]] bool is(python_token::kind kind) const { return tokens_[at_].is == kind; }
  [[nodiscard]] bool code_ends() const;
  result<std::size_t> enter(std::string_view what);
  result<python_literal> simple_value();
  result<python_literal> list(bool round);
  result<python_literal> dict();
  result<python_literal> dict_call();
  result<python_literal> set(python_literal first, std::size_t end);
  result<void> argument(python_arguments& into);
  result<python_literal> strings();
  result<python_literal> code();
  std::optional<python_literal> number();
  std::optional<python_literal> word();

  const python_tokens& tokens_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t steps_ = 0;
};

/// What is told of a script shows so much of a text in it.
inline constexpr std::size_t longest_shown = 80;

/// Code, for people: it may hold a key, so its strings show as '…'.
std::string shown_code(std::string_view code);

constexpr std::size_t longest_python = 1024UL * 1024;

/// A whole text that is one value; malformed where more follows, or where it is longer than longest_python.
result<python_literal> read_python_literal(std::string_view text);

}  // namespace oes
