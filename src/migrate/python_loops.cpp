// What is run once, several times, or nobody knows how often.
#include <algorithm>

#include "migrate/python_run.hpp"

namespace oes {

python_run::flow python_run::loop_for(std::size_t& at, std::size_t end, const suite& of) {
  const auto line = tokens_[at].line;
  const auto first = at;
  const auto header = at + (tokens_.is(at, "async") ? 1 : 0);
  const auto in = std::min(find({header, of.colon}, "in"), of.colon);
  const span targets{header + 1, in};
  const auto all = evaluate({in + 1, of.colon});
  at = of.body.behind;
  const auto turns = tokens_.is(first, "async") ? std::nullopt : turns_of(all);
  bool is_told = turns.has_value();
  if (is_told) {
    const auto before = state_.now();
    const auto made = made_.size();
    const bool could_leave = std::exchange(may_leave_, false);
    const bool could_exit = std::exchange(may_exit_, false);
    for (const auto& item : *turns) {
      bind_target(targets, item, line);
      const auto by = block(of.body);
      const auto still = turns_of(all);
      is_told = by == flow::on && !may_leave_ && !may_exit_ && still && still->size() == turns->size() && !is_spent();
      if (!is_told) break;
    }
    may_leave_ = could_leave;
    may_exit_ = may_exit_ || could_exit;
    if (!is_told) {
      state_.undo(before);
      state_.forget(before);
      made_.resize(std::min(made, made_.size()));
    }
  } else {
    doubt(all, header);
  }
  if (!is_told) turn_unknown_times(line, targets, [&] { return block(of.body); });
  if (const auto next = next_statement(at, end); next < end && tokens_.is(next, "else")) {
    if (const auto otherwise = suite_at(next, end)) {
      at = otherwise->body.behind;
      if (is_told) return block(otherwise->body);
      turn_unknown_times(line, {}, [&] { return block(otherwise->body); });
    }
  }
  return flow::on;
}

python_run::flow python_run::loop_while(std::size_t& at, std::size_t end, const suite& of) {
  const span asked{at + 1, of.colon};
  const auto line = tokens_[at].line;
  at = of.body.behind;
  turn_unknown_times(line, {}, [&] {
    evaluate(asked);
    return block(of.body);
  });
  if (const auto next = next_statement(at, end); next < end && tokens_.is(next, "else")) {
    if (const auto otherwise = suite_at(next, end)) {
      at = otherwise->body.behind;
      turn_unknown_times(line, {}, [&] { return block(otherwise->body); });
    }
  }
  return flow::on;
}

// Not at all, once, or often: what one turn changes, the next one does not know.
void python_run::turn_unknown_times(std::size_t line, span targets, const std::function<flow()>& body) {
  constexpr int turns_before = 2;
  const bool could_leave = may_leave_;
  const auto over_before = frames_.back().maybe_over;
  for (int i = 0; i <= turns_before && !is_spent(); ++i) {
    const bool is_last = i == turns_before;
    const auto before = state_.now();
    if (!is_last) rehearse(true);
    branch(line, [&] {
      value turn;
      turn.line = line;
      if (!targets.empty()) bind_target(targets, turn, line);
      const auto by = body();
      return by == flow::next_turn || by == flow::out_of_loop ? flow::on : by;
    });
    if (!is_last) rehearse(false);
    state_.doubt_changes(before, line);
  }
  may_leave_ = could_leave || frames_.back().maybe_over != over_before;
}

python_run::flow python_run::attempt(std::size_t& at, std::size_t end, const suite& of) {
  const auto line = tokens_[at].line;
  at = of.body.behind;
  const auto before = state_.now();
  ++trying_;
  auto by = block(of.body);
  --trying_;
  bool all_leave = by != flow::on;
  bool has_handler = false;
  for (auto next = next_statement(at, end); next < end; next = next_statement(at, end)) {
    const bool is_handler = tokens_.is(next, "except");
    const auto one = is_handler || tokens_.is(next, "else") ? suite_at(next, end) : std::nullopt;
    if (!one) break;
    at = one->body.behind;
    has_handler = true;
    state_.doubt_changes(before, line);
    const auto what = branch(tokens_[next].line, [&] {
      const auto name = find({next, one->colon}, "as") + 1;
      if (name < one->colon) bind_name(name, unknown_at({name, name + 1}));
      return block(one->body);
    });
    all_leave = all_leave && (!is_handler || what != flow::on);
  }
  if (has_handler) {
    state_.doubt_changes(before, line);
    if (by != flow::on && !all_leave) {
      left(by, line);
      by = flow::on;
    }
  }
  if (const auto next = next_statement(at, end); next < end && tokens_.is(next, "finally")) {
    if (const auto one = suite_at(next, end)) {
      at = one->body.behind;
      const auto last = block(one->body);
      if (last != flow::on) by = last;
    }
  }
  return by;
}

}  // namespace oes
