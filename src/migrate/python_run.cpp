#include "migrate/python_run.hpp"

#include <algorithm>
#include <array>

namespace oes {
namespace {

using token = python_token::kind;

constexpr std::size_t most_work = 4UL * 1024 * 1024;  // steps, and values that are written down

}  // namespace

std::size_t behind_piece(const python_tokens& tokens, std::size_t at) {
  return tokens.opens(at) && tokens[at].partner != python_token::nowhere ? tokens[at].partner + 1 : at + 1;
}

python_run::python_run(const python_tokens& tokens) : tokens_(tokens) {
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    if (tokens.is_name(at)) ++names_seen_[std::string(tokens.text(at))];
  }
}

bool python_run::is_spent() const { return is_too_long_ || steps_ + state_.work() > most_work; }

script_reading python_run::run() {
  frames_.emplace_back();
  frames_.back().scope = state_.open_scope(python_state::none);
  block({0, tokens_.size() - 1});
  run_escaped();
  run_uncalled();
  record_what_is_left();
  return results();
}

std::size_t python_run::line_end(std::size_t at, std::size_t end) const {
  while (at < end && tokens_[at].is != token::line_end && tokens_[at].is != token::end) at = behind_piece(tokens_, at);
  return std::min(at, end);
}

std::size_t python_run::next_statement(std::size_t at, std::size_t end) const {
  while (at < end && tokens_[at].is == token::line_end) ++at;
  return at;
}

std::optional<python_run::suite> python_run::suite_at(std::size_t at, std::size_t end) const {
  const auto stop = line_end(at, end);
  const auto colon = find({at, stop}, ":");
  if (colon >= stop) return std::nullopt;
  if (colon + 1 < stop) return suite{colon, {colon + 1, stop}};
  auto behind = stop;
  while (behind < end && (tokens_[behind].is == token::line_end || tokens_[behind].indent > tokens_[at].indent)) {
    ++behind;
  }
  return suite{colon, {stop, behind}};
}

python_run::flow python_run::block(span of) {
  for (auto at = of.first; at < of.behind;) {
    if (tokens_[at].is == token::line_end || tokens_.is(at, ";")) {
      ++at;
      continue;
    }
    is_too_long_ = is_spent();
    if (is_too_long_) return flow::ended;
    auto by = statement(at, of.behind);
    run_escaped();
    if (has_ended_) by = flow::ended;
    has_ended_ = false;
    if (by != flow::on) return by;
  }
  return flow::on;
}

python_run::flow python_run::statement(std::size_t& at, std::size_t end) {
  bool is_known = false;
  const auto by = compound(at, end, is_known);
  if (is_known) return by;
  const auto first = at;
  auto stop = at;
  while (stop < end && tokens_[stop].is != token::line_end && !tokens_.is(stop, ";")) {
    stop = behind_piece(tokens_, stop);
  }
  at = std::min(stop, end);
  const auto out = simple({first, at});
  // What is deeper belongs to a block of a kind that is not known here.
  const auto next = next_statement(at, end);
  if (next > at && next < end && tokens_[next].indent > tokens_[first].indent) {
    auto behind = next;
    while (behind < end && (tokens_[behind].is == token::line_end || tokens_[behind].indent > tokens_[first].indent)) {
      ++behind;
    }
    mention({first, at});
    turn_unknown_times(tokens_[first].line, {}, [&] { return block({next, behind}); });
    at = behind;
  }
  return out;
}

python_run::flow python_run::compound(std::size_t& at, std::size_t end, bool& is_known) {
  constexpr std::array words{"if", "for", "while", "try", "with", "def", "class", "match", "async"};
  const bool is_word = std::any_of(words.begin(), words.end(), [&](const char* word) { return tokens_.is(at, word); });
  const bool is_decorator = tokens_.is(at, "@");
  if (!is_word && !is_decorator) return flow::on;
  if (is_decorator) {  // what the function is then, another file knows
    const auto first = at;
    at = next_statement(line_end(at, end), end);
    doubt(evaluate({first + 1, line_end(first, end)}), first);
    if (tokens_.is(at, "@")) return compound(at, end, is_known);
    if (!tokens_.is(at, "def") && !tokens_.is(at, "async") && !tokens_.is(at, "class")) return flow::on;
    const auto name = at + (tokens_.is(at, "async") ? 2 : 1);
    const auto out = compound(at, end, is_known);
    if (!tokens_.is_name(name)) return out;
    doubt(named(name), first);
    value unknown;
    unknown.text = tokens_.text(name);
    unknown.line = tokens_[first].line;
    bind_name(name, unknown);
    return out;
  }
  const bool is_async = tokens_.is(at, "async");
  const auto header = at + (is_async ? 1 : 0);
  const auto found = suite_at(header, end);
  if (!found) return flow::on;
  const auto& of = *found;
  is_known = true;
  if (tokens_.is(header, "if")) return decide(at, end);
  if (tokens_.is(header, "match")) {
    is_known = tokens_.is(next_statement(of.body.first, of.body.behind), "case");
    return is_known ? match(at, of) : flow::on;
  }
  if (tokens_.is(header, "for")) return loop_for(at, end, of);
  if (tokens_.is(header, "while")) return loop_while(at, end, of);
  if (tokens_.is(header, "try")) return attempt(at, end, of);
  at = of.body.behind;
  if (tokens_.is(header, "with")) return with(header, of);
  if (tokens_.is(header, "class")) {
    define_class(header, of);
    return flow::on;
  }
  const auto bracket = header + 2;
  if (!tokens_.is(header, "def") || !tokens_.is(bracket, "(") || tokens_[bracket].partner == python_token::nowhere) {
    is_known = false;
    at = header - (is_async ? 1 : 0);
    return flow::on;
  }
  auto function = define(header, {bracket + 1, tokens_[bracket].partner});
  bool is_generator = is_async;
  for (auto i = of.body.first; i < of.body.behind; ++i) is_generator = is_generator || tokens_.is(i, "yield");
  if (is_generator) {
    doubt(function, header);
    function = unknown_at({header + 1, header + 2});
    function.line = tokens_[header].line;
  }
  bind_name(header + 1, function);
  return flow::on;
}

void python_run::rehearse(bool more) {
  more ? ++quiet_ : --quiet_;
  state_.rehearse(more);
}

// What a loop over it gives, if that is known: items, or the keys of a dict.
std::optional<std::vector<python_value>> python_run::turns_of(const value& all) const {
  if (!state_.is_sure(all)) return std::nullopt;
  const auto& object = state_.at(all);
  if (all.is == kind::list) return object.items;
  const bool is_told = all.is == kind::dict && std::all_of(object.keys.begin(), object.keys.end(),
                                                           [](const value& key) { return key.is == kind::text; });
  return is_told ? std::optional(object.keys) : std::nullopt;
}

// What is done there may not be done: it is looked at, and taken back.
python_run::flow python_run::branch(std::size_t line, const std::function<flow()>& body) {
  const auto before = state_.now();
  deciders_.push_back(line);
  auto by = body();
  if (has_ended_) {
    by = flow::ended;
    may_exit_ = true;
    has_ended_ = false;
  }
  deciders_.pop_back();
  state_.undo(before);
  left(by, line);
  return by;
}

void python_run::left(flow by, std::size_t line) {
  if (by == flow::on) return;
  may_leave_ = true;
  if (by == flow::back) frames_.back().maybe_over = line;
  if (by == flow::ended && trying_ > 0) may_exit_ = true;
}

python_run::flow python_run::decide(std::size_t& at, std::size_t end) {
  const auto line = tokens_[at].line;
  auto of = suite_at(at, end);
  const bool is_main = tokens_.is(at + 1, "__name__") && tokens_.is(at + 2, "==") &&
                       tokens_[at + 3].is == token::string && at + 4 == of->colon;
  const auto behind = next_statement(of->body.behind, end);
  if (is_main && !tokens_.is(behind, "elif") && !tokens_.is(behind, "else")) {
    at = of->body.behind;
    return block(of->body);
  }
  evaluate({at + 1, of->colon});
  const auto before = state_.now();
  for (bool is_first = true; of; is_first = false) {
    const auto header = at;
    if (!is_first && !tokens_.is(at, "else")) {
      branch(line, [&] {
        evaluate({header + 1, of->colon});
        return flow::on;
      });
    }
    branch(tokens_[header].line, [&] { return block(of->body); });
    const bool was_else = tokens_.is(at, "else");
    at = of->body.behind;
    const auto next = next_statement(at, end);
    const bool goes_on = !was_else && next < end && (tokens_.is(next, "elif") || tokens_.is(next, "else"));
    of = goes_on ? suite_at(next, end) : std::nullopt;
    if (of) at = next;
  }
  state_.doubt_changes(before, line);
  return flow::on;
}

python_run::flow python_run::match(std::size_t& at, const suite& of) {
  const auto line = tokens_[at].line;
  doubt(evaluate({at + 1, of.colon}), at);
  at = of.body.behind;
  const auto before = state_.now();
  for (auto place = next_statement(of.body.first, of.body.behind); place < of.body.behind;) {
    const auto one = suite_at(place, of.body.behind);
    if (!one || !tokens_.is(place, "case")) {
      mention({place, of.body.behind});
      break;
    }
    branch(tokens_[place].line, [&] {
      mention({place + 1, one->colon});
      for (auto i = place + 1; i < one->colon; ++i) {
        if (!tokens_.is_name(i)) continue;
        auto bound = unknown_at({i, i + 1});
        bound.line = tokens_[i].line;
        bind_name(i, bound);
      }
      return block(one->body);
    });
    place = next_statement(one->body.behind, of.body.behind);
  }
  state_.doubt_changes(before, line);
  return flow::on;
}

// Who enters there may end its block early.
python_run::flow python_run::with(std::size_t at, const suite& of) {
  const auto line = tokens_[at].line;
  span inside{at + 1, of.colon};
  if (tokens_.opens(inside.first) && tokens_[inside.first].partner + 1 == inside.behind &&
      find({inside.first + 1, inside.behind - 1}, "as") < inside.behind - 1) {
    inside = {inside.first + 1, inside.behind - 1};
  }
  for (const auto& one : split(inside, ",")) {
    const auto as = find(one, "as");
    doubt(evaluate({one.first, std::min(as, one.behind)}), one.first);
    if (as >= one.behind) continue;
    auto entered = unknown_at(one);
    entered.line = line;
    bind_target({as + 1, one.behind}, entered, line);
  }
  const auto before = state_.now();
  ++trying_;
  const auto by = block(of.body);
  --trying_;
  state_.doubt_changes(before, line);
  return by;
}

void python_run::define_class(std::size_t at, const suite& of) {
  if (tokens_.is(at + 2, "(")) mention({at + 2, of.colon});
  const auto outside = frames_.back().scope;
  frame inside = frames_.back();
  inside.scope = state_.open_scope(outside);
  inside.is_class = true;
  const auto before = state_.now();
  frames_.push_back(inside);
  block(of.body);
  frames_.pop_back();
  state_.doubt_changes(before, tokens_[at].line);
  auto known = unknown_at({at + 1, at + 2});
  known.line = tokens_[at].line;
  bind_name(at + 1, known);
}

python_run::flow python_run::simple(span of) {
  steps_ += of.size();
  const auto is = [&](std::string_view word) { return tokens_.is(of.first, word); };
  if (is("<") || is(">") || is("=") || is("==")) state_.doubt_all(tokens_[of.first].line);  // that is no Python
  const auto rest = span{of.first + 1, of.behind};
  if (is("pass")) return flow::on;
  if (is("break")) return flow::out_of_loop;
  if (is("continue")) return flow::next_turn;
  if (is("return")) {
    auto out = rest.empty() ? value::of(kind::none) : evaluate(rest);
    frames_.back().returned.push_back(std::move(out));
    return flow::back;
  }
  if (is("raise")) {
    if (!rest.empty()) doubt(evaluate(rest), of.first);
    return flow::ended;
  }
  if (is("import") || is("from")) {
    import(of);
    return flow::on;
  }
  if (is("global") || is("nonlocal")) {
    for (auto at = rest.first; at < rest.behind; ++at) {
      if (tokens_.is_name(at)) frames_.back().outer.insert_or_assign(std::string(tokens_.text(at)), is("global"));
    }
    return flow::on;
  }
  if (is("assert")) {
    for (const auto& one : split(rest, ",")) evaluate(one);
    return flow::on;
  }
  if (is("del")) {
    mention(rest);
    for (const auto& one : split(rest, ",")) {
      auto inner = one;
      while (tokens_.is(inner.first, "(") && inner.size() > 2) inner = {inner.first + 1, inner.behind - 1};
      if (inner.size() == 1) bind_target(inner, unknown_at(inner), tokens_[inner.first].line);
    }
    return flow::on;
  }
  assign(of);
  return flow::on;
}

}  // namespace oes
