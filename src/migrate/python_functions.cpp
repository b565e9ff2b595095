// Functions of the script: gone through with what they are handed, each time that they are called.
#include <algorithm>

#include "migrate/python_run.hpp"

namespace oes {
namespace {

constexpr std::size_t deepest_call = 10;

}  // namespace

// What stands between the brackets of a def, or between lambda and its colon.
python_value python_run::define(std::size_t at, span parameters) {
  python_object one;
  one.is = kind::function;
  one.place = at;
  one.line = tokens_[at].line;
  one.scope = frames_.back().is_class ? state_.outer_of(frames_.back().scope) : frames_.back().scope;
  for (const auto& part : split(parameters, ",")) {
    const auto sign = find(part, "=");
    if (sign >= part.behind) continue;
    one.keys.push_back(value::of(kind::text, tokens_.text(part.first)));
    one.items.push_back(evaluate({sign + 1, part.behind}));
  }
  return state_.make(std::move(one));
}

// given: nullptr: nobody knows what. false: not what the function takes.
bool python_run::bind_parameters(const value& function, const arguments* given, frame& into) {
  const auto object = state_.at(function);
  const bool is_lambda = tokens_.is(object.place, "lambda");
  const auto bracket = object.place + 2;
  const span all = is_lambda ? span{object.place + 1, find({object.place, tokens_.size()}, ":")}
                             : span{bracket + 1, tokens_[bracket].partner};
  auto named = given == nullptr ? std::vector<std::pair<value, value>>{} : given->named;
  const bool is_told =
      given != nullptr && given->is_whole &&
      std::all_of(named.begin(), named.end(), [](const auto& one) { return one.first.is == kind::text; });
  std::size_t next = 0;
  bool by_name_only = false;
  bool fits = true;
  for (const auto& part : split(all, ",")) {
    if (part.empty() || tokens_.is(part.first, "/")) continue;
    const bool is_rest = tokens_.is(part.first, "*");
    const bool is_named_rest = tokens_.is(part.first, "**");
    const auto place = part.first + (is_rest || is_named_rest ? 1 : 0);
    if (is_rest && part.size() == 1) by_name_only = true;
    if (!tokens_.is_name(place) || place >= part.behind) continue;
    const auto name = tokens_.text(place);
    value what = unknown_at({place, place + 1});
    what.line = object.line;
    if (!is_told) {
      state_.bind(name, into.scope, what);
      continue;
    }
    const auto key = std::find_if(named.begin(), named.end(), [&](const auto& one) { return one.first.text == name; });
    const auto default_of =
        std::find_if(object.keys.begin(), object.keys.end(), [&](const value& one) { return one.text == name; });
    if (is_rest) {
      std::vector<value> rest;
      if (next < given->values.size())
        rest.assign(given->values.begin() + static_cast<std::ptrdiff_t>(next), given->values.end());
      next = given->values.size();
      by_name_only = true;
      what = list_of(std::move(rest), place);
    } else if (is_named_rest) {
      arguments rest;
      rest.named = std::exchange(named, {});
      what = new_dict(rest, place);
    } else if (next < given->values.size() && !by_name_only) {
      what = given->values[next++];
    } else if (key != named.end()) {
      what = key->second;
      named.erase(key);
    } else if (default_of != object.keys.end()) {
      what = object.items[static_cast<std::size_t>(default_of - object.keys.begin())];
    } else {
      fits = false;
    }
    state_.bind(name, into.scope, what);
  }
  return fits && (!is_told || (named.empty() && next == given->values.size()));
}

python_value python_run::call_function(const value& function, const arguments* given, std::size_t line) {
  const auto object = state_.at(function);
  const span called{object.place, object.place + 1};
  auto out = unknown_at(called);
  out.text = tokens_.is(object.place, "lambda") ? "lambda" : tokens_.text(object.place + 1);
  out.line = line;
  if (given != nullptr) called_.insert(object.place);
  if (frames_.size() >= deepest_call || is_spent()) {
    if (given != nullptr) give_away(*given, object.place);
    state_.doubt(function, line);
    if (quiet_ == 0) strays_.emplace_back(line, "its functions lead too far");
    return out;
  }
  frame own;
  own.scope = state_.open_scope(object.scope);
  own.call_line = given == nullptr ? 0 : line;
  if (!bind_parameters(function, given, own) && given != nullptr) give_away(*given, object.place);
  frames_.push_back(std::move(own));
  const bool could_leave = std::exchange(may_leave_, false);
  auto by = flow::on;
  if (tokens_.is(object.place, "lambda")) {
    const auto colon = find({object.place, tokens_.size()}, ":");
    span body{colon + 1, colon + 1};
    while (tokens_[body.behind].is != python_token::kind::end &&
           tokens_[body.behind].is != python_token::kind::line_end && !tokens_.is(body.behind, ",") &&
           !tokens_.is(body.behind, ")") && !tokens_.is(body.behind, "]") && !tokens_.is(body.behind, "}") &&
           !tokens_.is(body.behind, ";")) {
      body.behind = behind_piece(tokens_, body.behind);
    }
    auto out_of_it = evaluate(body);
    frames_.back().returned.push_back(std::move(out_of_it));
    by = flow::back;
  } else if (const auto of = suite_at(object.place, tokens_.size() - 1)) {
    by = block(of->body);
  }
  may_leave_ = could_leave || may_exit_;
  const auto returned = std::move(frames_.back().returned);
  frames_.pop_back();
  if (by == flow::ended) has_ended_ = true;
  if (by != flow::back && returned.empty()) {
    value nothing;
    nothing.is = kind::none;
    return nothing;
  }
  if (by == flow::back && returned.size() == 1) return returned.front();
  for (const auto& one : returned) {
    if (one.is == kind::reader) {
      out.may_read = true;
      lose(one, object.place, "which reader the function returns is decided by code");
    }
    state_.doubt(one, line);
  }
  return out;
}

// Functions that others may call, whenever they like: what they change may be changed from now on.
void python_run::run_escaped() {
  if (is_escaping_) return;  // who does it takes those too
  is_escaping_ = true;
  for (auto all = state_.take_escaped(); !all.empty(); all = state_.take_escaped()) {
    for (const auto function : all) {
      if (is_spent()) break;
      if (!escaped_.insert(state_.object(function).place).second) continue;
      rehearse(true);
      run_somehow(function);
      rehearse(false);
    }
  }
  is_escaping_ = false;
}

void python_run::run_somehow(std::size_t function) {
  value of;
  of.is = kind::function;
  of.object = function;
  const auto object = state_.object(function);
  const auto before = state_.now();
  const bool had_ended = has_ended_;
  auto frames = std::exchange(frames_, {});
  frames_.push_back(frames.front());
  branch(0, [&] {
    call_function(of, nullptr, object.line);
    return flow::on;
  });
  frames_ = std::move(frames);
  has_ended_ = had_ended;
  if (quiet_ == 0) return;
  bool changes = false;
  for (const auto& name : state_.names_changed_outside(before, changes)) state_.capture(name, object.line, true);
  state_.doubt_changes(before, object.line);
  // What it does to names that are nothing yet, or that nobody knows, cannot be told.
  const auto of_it = suite_at(object.place, tokens_.size() - 1);
  const bool is_lambda = tokens_.is(object.place, "lambda");
  const auto end = is_lambda ? line_end(object.place, tokens_.size() - 1) : of_it ? of_it->body.behind : object.place;
  for (auto at = object.place; at < end; ++at) {
    if (!tokens_.is_name(at) || tokens_.is(at - 1, ".")) continue;
    const auto* known = state_.find(tokens_.text(at), object.scope);
    const bool is_blank = known == nullptr || (known->is == kind::unknown);
    if (changes || is_blank) state_.capture(tokens_.text(at), object.line, false);
  }
}

// Functions that are called nowhere in the script: whoever calls them does so with what nobody knows, when all is
// done, or, where they were handed to others, at any time.
void python_run::run_uncalled() {
  for (const bool is_first : {true, false}) {
    for (std::size_t i = 0; i < state_.objects() && !is_spent(); ++i) {
      const auto object = state_.object(i);
      if (object.is != kind::function) continue;
      const bool is_lambda = tokens_.is(object.place, "lambda");
      const bool has_escaped = escaped_.contains(object.place);
      if (called_.contains(object.place) && !has_escaped) continue;
      const auto seen = is_lambda ? 2 : names_seen_.find(tokens_.text(object.place + 1))->second;
      if (is_first && seen > 1 && !has_escaped) continue;
      if (!run_.insert(object.place).second) continue;
      const auto before = state_.now();
      if (has_escaped) state_.doubt_what_changed(object.line);
      nobody_ =
          has_escaped ? "" : "calls the function of line " + std::to_string(object.line) + ", which makes this reader";
      run_somehow(i);
      nobody_.clear();
      state_.undo(before);
      static_cast<void>(state_.take_escaped());
    }
  }
}

void python_run::capture_names(span of) {
  for (auto at = of.first; at < of.behind; ++at) {
    if (tokens_.is_name(at) && !tokens_.is(at - 1, ".")) state_.capture(tokens_.text(at), tokens_[at].line, false);
  }
}

}  // namespace oes
