#include "migrate/python_literal.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "migrate/python_string.hpp"
#include "model/utf8.hpp"

namespace oes {
namespace {

using kind = python_literal::kind;
using token = python_token::kind;

constexpr std::size_t deepest_literal = 32;

}  // namespace

python_literal python_literal::of_code(std::string_view text) {
  python_literal out;
  out.is = kind::code;
  out.text = text;
  return out;
}

error python_reader::fault_at(std::size_t place, std::string_view what) const {
  return {errc::malformed, "line " + std::to_string(tokens_[place].line) + ": " + std::string(what)};
}

bool python_reader::take(std::string_view word) {
  ++steps_;
  if (!at(word)) return false;
  ++at_;
  return true;
}

result<python_literal> python_reader::value() {
  if (depth_ >= deepest_literal) return fault("it is nested too deeply");
  const auto begin = at_;
  ++depth_;
  auto out = simple_value();
  if (out && !code_ends()) {  // something is done with it: `3600 * 2`, `"a" + b`
    at_ = begin;
    out = code();
  }
  --depth_;
  return out;
}

result<python_literal> python_reader::literal() {
  ++depth_;
  auto out = simple_value();
  --depth_;
  return out;
}

result<python_literal> python_reader::simple_value() {
  if (at("[")) return list(false);
  if (at("(")) return list(true);
  if (at("{")) return dict();
  if (at_dict()) {
    ++at_;
    return dict_call();
  }
  if (is(token::string) || is(token::broken_string)) return strings();
  if (auto found = word()) return *found;
  if (auto found = number()) return *found;
  return code();
}

// dict(other, a=1)
result<python_literal> python_reader::dict_call() {
  auto call = arguments();
  if (!call) return call.error();
  python_literal out;
  out.is = kind::dict;
  out.keys.assign(call->values.size(), python_literal::unpacking());
  out.items = std::move(call->values);
  std::move(call->named.keys.begin(), call->named.keys.end(), std::back_inserter(out.keys));
  std::move(call->named.items.begin(), call->named.items.end(), std::back_inserter(out.items));
  return out;
}

// Where an expression is over, if it stands alone or in a list, a dict or a call.
bool python_reader::code_ends() const {
  return is(token::end) || is(token::line_end) || at(",") || at("]") || at("}") || at(")") || at(";") ||
         (at(":") && depth_ > 1);
}

result<python_literal> python_reader::code() {
  const auto begin = at_;
  bool in_lambda = false;
  while (!code_ends() || (in_lambda && at(":"))) {
    ++steps_;
    in_lambda = (in_lambda || at("lambda")) && !at(":");
    if (is(token::broken_string)) return fault("a string does not end");
    if (!tokens_.opens(at_)) {
      ++at_;
    } else if (tokens_[at_].partner == python_token::nowhere) {
      return fault("a bracket does not end");
    } else {
      at_ = tokens_[at_].partner + 1;
    }
  }
  if (at_ == begin) return fault("a value is missing");
  return python_literal::of_code(tokens_.text(begin, at_));
}

result<python_literal> python_reader::strings() {
  const auto first = at_;
  python_literal out;
  out.is = kind::text;
  for (; is(token::string); ++at_, ++steps_) {  // neighbours are one text
    if (has_expressions(tokens_.text(at_)) || is_bytes(tokens_.text(at_))) {
      at_ = first;
      return code();
    }
    const auto more = string_of(tokens_.text(at_));
    if (!more) return fault(more.error().context);
    out.text += *more;
  }
  if (is(token::broken_string)) return fault("a string does not end");
  return out;
}

std::optional<python_literal> python_reader::number() {
  const bool has_sign = at("-") || at("+");
  const auto place = at_ + (has_sign ? 1 : 0);
  const auto text = tokens_.text(place);
  if (tokens_[place].is != token::number || text.find_first_not_of("0123456789_.eE+-") != std::string_view::npos) {
    return std::nullopt;
  }
  python_literal out;
  out.is = kind::number;
  if (at("-")) out.text = "-";
  std::copy_if(text.begin(), text.end(), std::back_inserter(out.text), [](char c) { return c != '_'; });
  at_ = place + 1;
  return out;
}

std::optional<python_literal> python_reader::word() {
  python_literal out;
  if (at("True") || at("true") || at("False") || at("false")) {
    out.is = kind::boolean;
    out.truth = at("True") || at("true");
  } else if (!at("None") && !at("null")) {
    return std::nullopt;
  }
  ++at_;
  return out;
}

// Past an opening bracket; the place of the one that closes it.
result<std::size_t> python_reader::enter(std::string_view what) {
  const std::size_t end = tokens_[at_].partner;
  if (end == python_token::nowhere) {
    const auto broken = tokens_.first_broken_string();
    if (broken && *broken > at_) return fault_at(*broken, "a string does not end");
    return fault(std::string(what) + " does not end");
  }
  ++at_;
  return end;
}

result<python_literal> python_reader::list(bool round) {
  const auto end = enter("a list");
  if (!end) return end.error();
  python_literal out;
  out.is = kind::list;
  bool one_alone = round;  // in brackets, which make no tuple
  while (at_ < *end) {
    auto item = value();
    if (!item) return item;
    out.items.push_back(std::move(*item));
    if (take(",")) {
      one_alone = false;
    } else if (at_ != *end) {
      return fault("a ',' is missing in a list");
    }
  }
  ++at_;
  if (one_alone && out.items.size() == 1) {
    auto item = std::move(out.items.front());
    return item;
  }
  return out;
}

result<python_literal> python_reader::dict() {
  const auto end = enter("a dict");
  if (!end) return end.error();
  python_literal out;
  out.is = kind::dict;
  while (at_ < *end) {
    auto key = python_literal::unpacking();
    if (!take("**")) {
      auto read = value();
      if (!read) return read;
      if (out.keys.empty() && (at(",") || at_ == *end)) return set(std::move(*read), *end);
      if (!take(":")) return fault("a ':' is missing in a dict");
      key = std::move(*read);
    }
    auto item = value();
    if (!item) return item;
    out.keys.push_back(std::move(key));
    out.items.push_back(std::move(*item));
    if (!take(",") && at_ != *end) return fault("a ',' is missing in a dict");
  }
  ++at_;
  return out;
}

// Behind its first item.
result<python_literal> python_reader::set(python_literal first, std::size_t end) {
  python_literal out;
  out.is = kind::list;
  out.items.push_back(std::move(first));
  while (take(",") && at_ < end) {
    auto item = value();
    if (!item) return item;
    out.items.push_back(std::move(*item));
  }
  if (at_ != end) return fault("a ',' is missing in a set");
  ++at_;
  return out;
}

result<python_arguments> python_reader::arguments() {
  const auto end = enter("a call");
  if (!end) return end.error();
  python_arguments out;
  out.named.is = kind::dict;
  while (at_ < *end) {
    if (const auto read = argument(out); !read) return read.error();
    if (!take(",") && at_ != *end) return fault("a ',' is missing between arguments");
  }
  ++at_;
  return out;
}

result<void> python_reader::argument(python_arguments& into) {
  python_literal key;
  if (take("**")) {
    key = python_literal::unpacking();
  } else if (tokens_.is_name(at_) && tokens_.is(at_ + 1, "=")) {
    key.is = kind::text;
    key.text = tokens_.text(at_);
    at_ += 2;
  }
  auto item = value();
  if (!item) return item.error();
  if (key.is == kind::none) {
    into.values.push_back(std::move(*item));
  } else {
    into.named.keys.push_back(std::move(key));
    into.named.items.push_back(std::move(*item));
  }
  return {};
}

std::string shown_code(std::string_view code) {
  const python_tokens tokens(code);
  std::string out;
  std::size_t shown = 0;
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    if (tokens[at].is != token::string && tokens[at].is != token::broken_string) continue;
    out += std::string(code.substr(shown, tokens[at].begin - shown)) + "'…'";
    shown = tokens[at].begin + tokens[at].size;
  }
  return printable(out + std::string(code.substr(shown)), longest_shown);
}

result<python_literal> read_python_literal(std::string_view text) {
  if (text.size() > longest_python) return error{errc::malformed, "it is larger than 1 MiB"};
  const python_tokens tokens(text);
  python_reader reader(tokens);
  auto out = reader.value();
  if (!out) return out;
  auto rest = reader.position();
  while (tokens[rest].is == token::line_end) ++rest;
  if (tokens[rest].is != token::end) {
    return error{errc::malformed, "line " + std::to_string(tokens[rest].line) + ": something follows the value"};
  }
  return out;
}

}  // namespace oes
