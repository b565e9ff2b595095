// What expressions of a script come to: the few that people write where options are made.
#include <algorithm>
#include <array>

#include "config/quantity.hpp"
#include "migrate/python_run.hpp"
#include "migrate/python_string.hpp"

namespace oes {
namespace {

using token = python_token::kind;

constexpr std::size_t deepest_expression = 64;

bool is_number_of_items(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos &&
         (text.size() == 1 || text.front() != '0');
}

}  // namespace

std::vector<python_run::span> python_run::split(span of, std::string_view by) const {
  std::vector<span> out;
  auto begin = of.first;
  for (auto at = of.first; at < of.behind; at = behind_piece(tokens_, at)) {
    if (tokens_.is(at, "lambda") && by == ",") {  // its parameters are not split
      while (at < of.behind && !tokens_.is(at, ":")) at = behind_piece(tokens_, at);
    }
    if (!tokens_.is(at, by)) continue;
    out.push_back({begin, at});
    begin = at + 1;
  }
  out.push_back({begin, of.behind});
  return out;
}

std::size_t python_run::find(span of, std::string_view word) const {
  auto at = of.first;
  while (at < of.behind && !tokens_.is(at, word)) at = behind_piece(tokens_, at);
  return std::min(at, of.behind);
}

python_value python_run::unknown_at(span of) const {
  value out;
  out.text = tokens_.text(of.first, of.behind);
  return out;
}

// Whatever is mentioned there may be changed by it, now or at any time.
void python_run::mention(span of) {
  steps_ += of.size();
  for (auto at = of.first; at < of.behind; ++at) {
    const auto literal = tokens_.text(at);
    if (tokens_[at].is == token::string && has_expressions(literal) && literal.find('(') != std::string_view::npos) {
      std::string code(literal.size(), ' ');  // its names, whatever stands between them
      for (std::size_t i = 0; i < literal.size(); ++i) {
        const char c = literal[i];
        const bool in_name = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                             static_cast<unsigned char>(c) >= 0x80;
        if (in_name) code[i] = c;
      }
      const python_tokens names(code);
      for (std::size_t i = 0; i < names.size(); ++i) {
        const auto* known = state_.find(names.text(i), frames_.back().scope);
        if (known != nullptr) doubt(value(*known), at);
      }
    }
    if (!tokens_.is_name(at) || (at > 0 && tokens_.is(at - 1, "."))) continue;
    const auto* known = state_.find(tokens_.text(at), frames_.back().scope);
    if (known != nullptr) doubt(value(*known), at);
  }
}

python_value python_run::named(std::size_t place) {
  const auto name = tokens_.text(place);
  const auto outer = frames_.back().outer.find(name);
  const bool is_global = outer != frames_.back().outer.end() && outer->second;
  const auto* known = state_.find(name, is_global ? 0 : frames_.back().scope);
  if (known == nullptr) {
    value out;
    out.is = kind::foreign;
    out.text = name;
    return out;
  }
  if (known->may_read && quiet_ == 0) {
    strays_.emplace_back(tokens_[place].line, "which reader " + std::string(name) +
                                                  " is there is decided by code (line " + std::to_string(known->line) +
                                                  "), which is not run here");
  }
  if (!known->has_object() || state_.is_sure(*known) || known->is == kind::reader) return *known;
  if (known->is == kind::function) return *known;  // it is the same function, whoever else calls it
  auto out = unknown_at({place, place + 1});
  out.line = state_.at(*known).doubted;
  return out;
}

python_value python_run::list_of(std::vector<value> items, std::size_t place) {
  python_object one;
  one.is = kind::list;
  one.items = std::move(items);
  one.line = tokens_[place].line;
  return state_.make(std::move(one));
}

python_value python_run::evaluate(span of) {
  while (!of.empty() && tokens_[of.first].is == token::line_end) ++of.first;
  steps_ += 1 + of.size();
  if (of.empty() || depth_ >= deepest_expression || is_spent()) {
    mention(of);
    return unknown_at(of);
  }
  if (tokens_.is(of.first, "lambda")) return define(of.first, {of.first + 1, find(of, ":")});
  if (find(of, ",") < of.behind) {  // a tuple
    std::vector<value> items;
    for (const auto& one : split(of, ",")) {
      if (!one.empty()) items.push_back(evaluate(one));
    }
    return list_of(std::move(items), of.first);
  }
  if (tokens_.is(of.first + 1, ":=") && tokens_.is_name(of.first)) {
    auto out = evaluate({of.first + 2, of.behind});
    state_.capture(tokens_.text(of.first), tokens_[of.first].line, true);
    auto bound = unknown_at({of.first, of.first + 1});
    bound.line = tokens_[of.first].line;
    doubt(out, of.first);
    bind_name(of.first, bound);
    return unknown_at(of);
  }
  bool chooses = false;
  bool calculates = false;
  bool compares = false;
  bool merges = false;
  for (auto at = of.first; at < of.behind; at = behind_piece(tokens_, at)) {
    const auto is_one_of = [&](const auto& words) {
      return std::any_of(words.begin(), words.end(), [&](const char* word) { return tokens_.is(at, word); });
    };
    chooses = chooses || is_one_of(std::array{"if", "else", "and", "or", "await", "yield", "for", "lambda", ":="});
    compares = compares || is_one_of(std::array{"in", "is", "not", "<", ">", "==", "!=", "<=", ">=", "!"});
    calculates = calculates || is_one_of(std::array{"+", "-", "*", "/", "%", "@", "&", "^", "~", "**", "="});
    merges = merges || tokens_.is(at, "|");
  }
  const bool has_sign = tokens_.is(of.first, "-") || tokens_.is(of.first, "+");
  if (has_sign && of.size() == 2 && tokens_[of.first + 1].is == token::number) calculates = false;
  ++depth_;
  auto out = chooses || compares || calculates || merges ? of_operators(of, chooses, calculates, merges && !compares)
                                                         : primary(of);
  --depth_;
  return out;
}

python_value python_run::of_operators(span of, bool chooses, bool calculates, bool merges) {
  constexpr std::array words{"if", "else", "and", "or", "await", "yield", "from", "in", "is", "not", "for",
                             ":=", "<",    ">",   "==", "!=",    "<=",    ">=",   "!",  "+",  "-",   "*",
                             "/",  "%",    "@",   "&",  "^",     "~",     "**",   "|",  "="};
  const auto line = tokens_[of.first].line;
  const auto before = state_.now();
  std::vector<value> parts;
  const auto add = [&](span one) {
    if (one.empty()) return;
    if (!chooses) return parts.push_back(evaluate(one));
    branch(line, [&] {
      parts.push_back(evaluate(one));
      return flow::on;
    });
  };
  auto begin = of.first;
  for (auto at = of.first; at < of.behind; at = behind_piece(tokens_, at)) {
    if (tokens_.is(at, "lambda")) break;
    if (std::none_of(words.begin(), words.end(), [&](const char* word) { return tokens_.is(at, word); })) continue;
    add({begin, at});
    begin = at + 1;
  }
  add({begin, of.behind});
  if (chooses) state_.doubt_changes(before, line);
  const bool are_dicts = std::all_of(parts.begin(), parts.end(),
                                     [&](const value& one) { return one.is == kind::dict && state_.is_sure(one); });
  if (merges && !chooses && !calculates && are_dicts && !parts.empty()) {
    auto out = copy_of(parts.front(), false, of.first);
    for (std::size_t i = 1; i < parts.size(); ++i) unpack_into(out, parts[i], of.first);
    return out;
  }
  const bool is_text = !chooses && find(of, "%") < of.behind && tokens_[of.first].is == token::string;
  if ((chooses || calculates || merges) && !is_text) {
    for (const auto& one : parts) doubt(one, of.first);
  }
  return unknown_at(of);
}

python_value python_run::primary(span of) {
  auto at = of.first;
  auto begun = atom(of, at);
  if (!begun) {
    mention(of);
    return unknown_at(of);
  }
  auto out = std::move(*begun);
  while (at < of.behind) {
    const span whole{of.first, behind_piece(tokens_, at)};
    if (tokens_.is(at, ".") && tokens_.is_name(at + 1)) {
      const auto bracket = at + 2;
      if (tokens_.is(bracket, "(") && bracket < of.behind && tokens_[bracket].partner != python_token::nowhere) {
        const span with_call{of.first, behind_piece(tokens_, bracket)};
        out = method(out, at + 1, bracket, with_call);
        at = with_call.behind;
        continue;
      }
      const bool reads = tokens_.is(at + 1, "readStream") || (tokens_.is(at + 1, "read") && tokens_.is(bracket, "."));
      const bool writes = tokens_.is(at + 1, "writeStream") || tokens_.is(at + 1, "write");
      const auto name = std::string(tokens_.text(at + 1));
      if (out.is == kind::reader) lose(out, at + 1, "." + name + " is not followed");
      if (reads) {
        out = new_reader(at + 1);
      } else if (out.is == kind::foreign) {
        out.text += "." + name;
      } else {
        doubt(out, at);
        const auto line = out.line;
        out = unknown_at({of.first, at + 2});
        out.line = line;
        out.writes = writes;
      }
      if (writes) {
        out.is = kind::unknown;
        out.writes = true;
      }
      at += 2;
    } else if (tokens_.is(at, "(") && tokens_[at].partner != python_token::nowhere) {
      out = call(out, at, whole);
      at = whole.behind;
    } else if (tokens_.is(at, "[") && tokens_[at].partner != python_token::nowhere) {
      const span inside{at + 1, whole.behind - 1};
      const bool is_slice = find(inside, ":") < inside.behind;
      if (is_slice) mention(inside);
      const auto key = is_slice ? unknown_at(inside) : evaluate(inside);
      out = item_of(out, key, whole);
      at = whole.behind;
    } else {
      doubt(out, at);
      mention(of);
      return unknown_at(of);
    }
  }
  return out;
}

std::optional<python_value> python_run::atom(span of, std::size_t& at) {
  const auto is = tokens_[at].is;
  if (is == token::string) return strings(of, at);
  if (tokens_.opens(at) && tokens_[at].partner != python_token::nowhere) {
    const auto place = at;
    at = behind_piece(tokens_, at);
    return bracket(place);
  }
  python_reader reader(tokens_, at);
  value out;
  if (is == token::number || tokens_.is(at, "-") || tokens_.is(at, "+")) {
    const auto read = reader.literal();
    if (!read || read->is != python_literal::kind::number) return std::nullopt;
    out.is = kind::number;
    out.text = read->text;
    at = reader.position();
    return out;
  }
  if (!tokens_.is_name(at)) return std::nullopt;
  const auto place = at++;
  if (tokens_.is(place, "None") || tokens_.is(place, "null")) {
    out.is = kind::none;
    return out;
  }
  for (const char* word : {"True", "true", "False", "false"}) {
    if (!tokens_.is(place, word)) continue;
    out.is = kind::boolean;
    out.truth = *word == 'T' || *word == 't';
    return out;
  }
  return named(place);
}

// Neighbours are one text.
python_value python_run::strings(span of, std::size_t& at) {
  const auto first = at;
  value out;
  out.is = kind::text;
  bool is_told = true;
  for (; at < of.behind && tokens_[at].is == token::string; ++at) {
    const auto literal = tokens_.text(at);
    const auto more = has_expressions(literal) ? f_string(literal) : [&] {
      const auto read = string_of(literal);
      return read && !is_bytes(literal) ? std::optional(*read) : std::nullopt;
    }();
    is_told = is_told && more;
    if (more) out.text += *more;
  }
  if (is_told) return out;
  mention({first, at});
  return unknown_at({first, at});
}

// f"/tmp/{network}/": names in it, and their members.
std::optional<std::string> python_run::f_string(std::string_view literal) {
  const auto pieces = f_string_pieces(literal);
  if (!pieces) return std::nullopt;
  std::string out;
  for (const auto& piece : *pieces) {
    if (!piece.is_expression) {
      out += piece.text;
      continue;
    }
    const python_tokens code(piece.text);
    const auto* known = code.is_name(0) ? state_.find(code.text(0), frames_.back().scope) : nullptr;
    if (known == nullptr) return std::nullopt;
    auto found = *known;
    std::size_t at = 1;
    while (code.is(at, "[") && code[at + 1].is == token::string && code.is(at + 2, "]")) {
      value key;
      key.is = kind::text;
      const auto text = string_of(code.text(at + 1));
      if (!text || has_expressions(code.text(at + 1))) return std::nullopt;
      key.text = *text;
      if (found.is != kind::dict || !state_.is_sure(found)) return std::nullopt;
      found = item_of(found, key, {});
      at += 3;
    }
    const bool is_over = code[at].is == token::end;
    const bool is_short = found.is == kind::text || (found.is == kind::number && is_number_of_items(found.text));
    if (!is_over || !is_short) return std::nullopt;
    out += found.text;
  }
  return out;
}

python_value python_run::item_of(const value& of, const value& key, span whole) {
  const auto line = of.has_object() ? state_.at(of).doubted : of.line;
  auto unknown = unknown_at(whole);
  unknown.line = line;
  if (!state_.is_sure(of)) {
    doubt(of, whole.first);
    state_.doubt(key, tokens_[whole.first].line);
    return unknown;
  }
  const auto& object = state_.at(of);
  if (of.is == kind::list && key.is == kind::number) {
    const auto place = parse_integer(key.text);
    const auto size = static_cast<std::int64_t>(object.items.size());
    if (place && *place >= -size && *place < size) {
      return object.items[static_cast<std::size_t>(*place < 0 ? *place + size : *place)];
    }
  }
  if (of.is == kind::dict && key.is == kind::text) {
    for (std::size_t i = object.keys.size(); i-- > 0;) {
      if (object.keys[i].is != kind::text) break;  // it may be that one
      if (object.keys[i].text == key.text) return object.items[i];
    }
  }
  state_.doubt(of, tokens_[whole.first].line);  // one of them, nobody knows which
  unknown.line = tokens_[whole.first].line;
  return unknown;
}

}  // namespace oes
