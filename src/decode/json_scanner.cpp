#include "decode/json_scanner.hpp"

#include <rapidjson/reader.h>

#include <cstring>

namespace oes {
namespace {

// An answer needs 9 levels; more than this is an attack on someone's stack.
constexpr unsigned max_depth = 32;
constexpr std::size_t label_size = 25;
// One token is handled in one go, so none may be long; nor may the blanks between two.
constexpr std::size_t longest_token = 64UL * 1024;
constexpr std::string_view too_many_blanks = "there are more than 64 KiB of blanks";
// Longer numbers are left to RapidJSON, which refuses those that are no double.
constexpr std::size_t max_plain_number = 40;

// Not kParseValidateEncodingFlag: it reads past the end of a text that ends inside a UTF-8 sequence (kept_text.hpp).
constexpr unsigned scalar_flags =
    rapidjson::kParseInsituFlag | rapidjson::kParseStopWhenDoneFlag | rapidjson::kParseNumbersAsStringsFlag;

// Receives the one scalar that RapidJSON was asked to read.
struct scalar_sink : rapidjson::BaseReaderHandler<rapidjson::UTF8<>, scalar_sink> {
  json_token kind = json_token::fault;
  std::string_view text;
  bool truth = false;

  // The names are RapidJSON's.
  // NOLINTBEGIN(readability-identifier-naming)
  bool Null() {
    kind = json_token::null;
    return true;
  }
  bool Bool(bool value) {
    kind = json_token::boolean;
    truth = value;
    return true;
  }
  bool RawNumber(const char* data, rapidjson::SizeType size, bool /*copy*/) {
    kind = json_token::number;
    text = {data, size};
    return true;
  }
  bool String(const char* data, rapidjson::SizeType size, bool /*copy*/) {
    kind = json_token::text;
    text = {data, size};
    return true;
  }
  // NOLINTEND(readability-identifier-naming)
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

// Whether the string, number or literal at `at` ends within what a token may have. Needs a terminated text.
bool ends_soon(const char* at) {
  const char quote = *at;
  for (std::size_t i = 1; i <= longest_token; ++i) {
    const char c = at[i];
    if (c == '\0') return true;  // whatever is wrong, it is near
    const bool is_end = quote == '"' ? c == '"' : c == ',' || c == ']' || c == '}' || is_space(c);
    if (is_end) return true;
    if (quote == '"' && c == '\\' && at[++i] == '\0') return true;
  }
  return false;
}

// The end of a JSON number without exponent that begins at `at`, or nullptr. Needs a terminated text.
char* plain_number_end(char* at) {
  if (*at == '-') ++at;
  if (!is_digit(*at)) return nullptr;
  if (*at == '0' && is_digit(at[1])) return nullptr;
  while (is_digit(*at)) ++at;
  if (*at != '.') return at;
  ++at;
  if (!is_digit(*at)) return nullptr;
  while (is_digit(*at)) ++at;
  return at;
}

}  // namespace

json_scanner::json_scanner(std::string& body) : begin_(body.data()), at_(begin_), end_(begin_ + body.size()) {}

bool json_scanner::skip_space() {
  const char* const begin = at_;
  while (is_space(*at_) && static_cast<std::size_t>(at_ - begin) <= longest_token) ++at_;
  return !is_space(*at_);
}

json_token json_scanner::fail(std::string_view what) {
  fault_ = at_ >= end_ ? "it ends too early" : what;
  return json_token::fault;
}

json_token json_scanner::next() {
  if (!skip_space()) return fail(too_many_blanks);
  switch (expect_) {
    case expect::value:
      return scan_value();
    case expect::first_key_or_end:
      return *at_ == '}' ? close(*at_) : scan_key();
    case expect::first_value_or_end:
      return *at_ == ']' ? close(*at_) : scan_value();
    case expect::separator_or_end: {
      if (*at_ != ',') return close(*at_);
      ++at_;
      if (!skip_space()) return fail(too_many_blanks);
      return in_object() ? scan_key() : scan_value();
    }
    case expect::nothing:
      break;
  }
  if (at_ == end_) return json_token::end;
  return fail("there is more after its end");
}

json_token json_scanner::open(bool object) {
  if (depth_ == max_depth) return fail("it is nested too deeply: more than 32 levels");
  const auto bit = std::uint64_t{1} << depth_;
  objects_ = object ? objects_ | bit : objects_ & ~bit;
  ++depth_;
  ++at_;
  expect_ = object ? expect::first_key_or_end : expect::first_value_or_end;
  return object ? json_token::begin_object : json_token::begin_array;
}

json_token json_scanner::close(char c) {
  const bool object = in_object();
  if (c != (object ? '}' : ']')) return fail("a comma or the end of an array or object is missing");
  ++at_;
  --depth_;
  expect_ = depth_ == 0 ? expect::nothing : expect::separator_or_end;
  return object ? json_token::end_object : json_token::end_array;
}

json_token json_scanner::scan_key() {
  if (*at_ != '"') return fail("a key is missing");
  if (scan_scalar() == json_token::fault) return json_token::fault;
  if (!skip_space()) return fail(too_many_blanks);
  if (*at_ != ':') return fail("a colon is missing");
  ++at_;
  expect_ = expect::value;
  return json_token::key;
}

json_token json_scanner::scan_value() {
  if (*at_ == '{') return open(true);
  if (*at_ == '[') return open(false);
  const auto kind = scan_scalar();
  expect_ = depth_ == 0 ? expect::nothing : expect::separator_or_end;
  return kind;
}

json_token json_scanner::scan_scalar() {
  if (!ends_soon(at_)) return fail("a text or number is longer than 64 KiB");
  rapidjson::Reader reader;
  rapidjson::InsituStringStream stream(at_);
  scalar_sink sink;
  const auto parsed = reader.Parse<scalar_flags>(stream, sink);
  if (parsed.IsError()) {
    at_ += parsed.Offset();
    return fail(parsed.Code() == rapidjson::kParseErrorNumberTooBig ? "a number is larger than a double can be"
                                                                    : "a value is not valid JSON");
  }
  at_ += stream.Tell();
  text_ = sink.text;
  truth_ = sink.truth;
  return sink.kind;
}

bool json_scanner::peek(plain_pair& out) const {
  char* at = at_;
  if (expect_ == expect::separator_or_end) {
    if (*at != ',' || in_object()) return false;
    ++at;
  } else if (expect_ != expect::first_value_or_end) {
    return false;
  }
  // The shortest pair has one digit: `["` label `",0]`.
  if (static_cast<std::size_t>(end_ - at) < label_size + 6) return false;
  if (at[0] != '[' || at[1] != '"') return false;
  out.label = at + 2;
  at += 2 + label_size;
  if (at[0] != '"' || at[1] != ',') return false;
  at += 2;
  char* value = at;
  if (*at == 'n') {
    if (std::strncmp(at, "null", 4) != 0) return false;
    at += 4;
    out.value = {};
  } else {
    at = plain_number_end(at);
    if (at == nullptr || static_cast<std::size_t>(at - value) > max_plain_number) return false;
    out.value = {value, static_cast<std::size_t>(at - value)};
  }
  if (*at != ']') return false;
  out.after = at + 1;
  return true;
}

void json_scanner::accept(const plain_pair& pair) {
  at_ = pair.after;
  expect_ = expect::separator_or_end;
}

}  // namespace oes
