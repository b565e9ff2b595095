// What a statement gives names, and what it sets in dicts.
#include <algorithm>

#include "migrate/python_run.hpp"

namespace oes {
namespace {

using token = python_token::kind;

}  // namespace

void python_run::assign(span of) {
  if ((tokens_.is(of.first, "val") || tokens_.is(of.first, "var")) && tokens_.is_name(of.first + 1))
    ++of.first;  // Scala
  for (auto at = of.first; at < of.behind; at = behind_piece(tokens_, at)) {
    const bool augments = tokens_[at].is == token::sign && tokens_[at].size == 2 && tokens_.text(at)[1] == '=' &&
                          std::string_view("=!<>:").find(tokens_.text(at)[0]) == std::string_view::npos;
    if (augments) return augment(of, at);
  }
  auto parts = split({of.first, find(of, "lambda")}, "=");
  parts.back().behind = of.behind;
  const auto given = parts.back();
  parts.pop_back();
  const auto line = tokens_[of.first].line;
  if (parts.empty()) {
    const auto colon = find(of, ":");
    if (colon < of.behind && find(of, "lambda") >= of.behind) return mention(of);  // name: type
    evaluate(of);
    return;
  }
  const auto what = evaluate(given);
  for (const auto& target : parts) {
    const auto colon = find(target, ":");
    bind_target({target.first, std::min(colon, target.behind)}, what, line);
  }
}

void python_run::augment(span of, std::size_t sign) {
  const span target{of.first, sign};
  const auto before = evaluate(target);
  const auto more = evaluate({sign + 1, of.behind});
  if (tokens_.is(sign, "|=") && before.is == kind::dict && more.is == kind::dict && state_.is_sure(before)) {
    return unpack_into(before, more, sign);
  }
  doubt(before, sign);
  doubt(more, sign);
  auto after = unknown_at(target);
  after.line = tokens_[sign].line;
  bind_target(target, after, after.line);
}

void python_run::bind_target(span target, const value& given, std::size_t line) {
  if (target.size() == 1 && tokens_.is_name(target.first)) {
    auto own = given;
    if (own.is == kind::unknown && own.line == 0) own.line = line;
    if (own.is == kind::unknown && own.text.empty()) own.text = tokens_.text(target.first);
    return bind_name(target.first, std::move(own));
  }
  const auto parts = split(target, ",");
  if (parts.size() > 1) {
    const bool is_told = given.is == kind::list && state_.is_sure(given) && find(target, "*") >= target.behind &&
                         state_.at(given).items.size() == parts.size() - (parts.back().empty() ? 1 : 0);
    if (!is_told) doubt(given, target.first);
    std::size_t i = 0;
    for (const auto& part : parts) {
      if (part.empty()) continue;
      value one;
      one.line = line;
      if (is_told) one = state_.at(given).items[i++];
      bind_target(part, one, line);
    }
    return;
  }
  const auto last = target.behind - 1;
  if (!target.empty() && tokens_.opens(target.first) && tokens_[target.first].partner == last && target.size() > 2) {
    const bool is_one = find({target.first + 1, last}, ",") >= last;
    if (is_one && tokens_.is(target.first, "[")) doubt(given, target.first);
    value one;
    one.line = line;
    return bind_target({target.first + 1, last}, is_one && tokens_.is(target.first, "[") ? one : given, line);
  }
  // name["key"] = …
  if (target.size() > 2 && tokens_.is(last, "]") && tokens_[last].partner != python_token::nowhere &&
      tokens_[last].partner > target.first) {
    const std::size_t bracket = tokens_[last].partner;
    const auto of = evaluate({target.first, bracket});
    const auto key = evaluate({bracket + 1, last});
    if (of.is == kind::dict && state_.is_sure(of)) return set_item(of, key, given);
    doubt(of, target.first);
    doubt(key, target.first);
    return doubt(given, target.first);
  }
  doubt(given, target.first);
  mention(target);
  for (auto at = target.first; at < target.behind; ++at) {  // *rest, or what is not known here
    if (!tokens_.is_name(at) || tokens_.is(at + 1, ".") || (at > 0 && tokens_.is(at - 1, "."))) continue;
    value one;
    one.text = tokens_.text(at);
    one.line = line;
    bind_name(at, one);
  }
}

void python_run::bind_name(std::size_t place, value given) {
  const auto name = tokens_.text(place);
  auto scope = frames_.back().scope;
  if (const auto outer = frames_.back().outer.find(name); outer != frames_.back().outer.end()) {
    while (state_.outer_of(scope) != python_state::none) {
      scope = state_.outer_of(scope);
      if (!outer->second && state_.has(name, scope)) break;
    }
  }
  state_.bind(name, scope, std::move(given));
}

// import a.b as c, d; from a import b as c, (d)
void python_run::import(span of) {
  const bool has_from = tokens_.is(of.first, "from");
  const auto import = has_from ? find(of, "import") : of.first;
  const auto module = has_from ? std::string(tokens_.text(of.first + 1, import)) : "";
  span rest{import + 1, of.behind};
  if (has_from && tokens_.is(rest.first, "*")) return state_.doubt_all_names(tokens_[of.first].line);
  if (tokens_.is(rest.first, "(")) rest = {rest.first + 1, rest.behind - 1};
  for (const auto& one : split(rest, ",")) {
    if (one.empty()) continue;
    const auto as = find(one, "as");
    value what;
    what.is = kind::foreign;
    const auto name = std::string(tokens_.text(one.first, std::min(as, one.behind)));
    if (has_from) {
      what.text.append(module).append(".").append(name);
    } else {
      what.text = as < one.behind ? name : std::string(tokens_.text(one.first));
    }
    if (what.text == "__main__" || what.text == "sys.modules") state_.doubt_all(tokens_[of.first].line);
    bind_name(as < one.behind ? as + 1 : one.first, what);
  }
}

}  // namespace oes
