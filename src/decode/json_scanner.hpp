#pragma once
// JSON, one token at a time: what lets a large answer be understood in slices. Structure is walked here with a bounded
// stack; every string, number and literal is read by RapidJSON, in situ. (Debian's RapidJSON 1.1.0 has no
// IterativeParseNext, and its own Parse cannot stop in the middle.)
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace oes {

enum class json_token {
  begin_object,
  end_object,
  begin_array,
  end_array,
  key,
  text,
  number,
  boolean,
  null,
  end,
  fault
};

inline bool opens(json_token token) { return token == json_token::begin_object || token == json_token::begin_array; }
inline bool closes(json_token token) { return token == json_token::end_object || token == json_token::end_array; }

/// What takes the time of one more token: long texts and blanks.
inline constexpr std::size_t bytes_per_token = 64;

/// An array element written `["<25 characters>",<number or null>]`, as nearly all of an answer is.
struct plain_pair {
  const char* label = nullptr;  ///< 25 characters, not yet looked at
  std::string_view value;       ///< a valid JSON number; empty: null
  char* after = nullptr;
};

class json_scanner {
 public:
  /// Borrows `body` and overwrites parts of it: strings are unescaped in place, numbers stay as they are.
  explicit json_scanner(std::string& body);

  json_token next();
  /// Of the last key, text or number; a slice of the body.
  [[nodiscard]] std::string_view text() const { return text_; }
  /// Of the last boolean.
  [[nodiscard]] bool truth() const { return truth_; }
  /// Bytes from the body's start; after a fault, where it is.
  [[nodiscard]] std::size_t position() const { return static_cast<std::size_t>(at_ - begin_); }
  /// What was wrong with the last token, after json_token::fault.
  [[nodiscard]] std::string_view what_failed() const { return fault_; }

  /// The fast path: looks whether the next element of the array at hand is a plain pair. Changes nothing; `false` says
  /// only that next() has to be used.
  bool peek(plain_pair& out) const;
  void accept(const plain_pair& pair);

 private:
  enum class expect { value, first_key_or_end, first_value_or_end, separator_or_end, nothing };

  /// false: there are more blanks than anyone writes.
  [[nodiscard]] bool skip_space();
  [[nodiscard]] bool in_object() const { return (objects_ >> (depth_ - 1) & 1U) != 0; }
  json_token open(bool object);
  json_token close(char c);
  json_token scan_key();
  json_token scan_value();
  json_token scan_scalar();
  json_token fail(std::string_view what);

  char* begin_;
  char* at_;
  char* end_;
  std::uint64_t objects_ = 0;  ///< bit i: whether level i is an object
  unsigned depth_ = 0;
  expect expect_ = expect::value;
  std::string_view text_;
  std::string_view fault_;
  bool truth_ = false;
};

}  // namespace oes
