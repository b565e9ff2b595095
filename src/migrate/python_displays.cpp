// Lists and dicts as they are written, or made by a loop within brackets.
#include <algorithm>

#include "migrate/python_run.hpp"

namespace oes {

bool python_run::is_comprehension(span of) const { return find(of, "for") < of.behind; }

python_value python_run::bracket(std::size_t at) {
  const span inside{at + 1, tokens_[at].partner};
  if (is_comprehension(inside)) return comprehension(inside, at);
  const auto parts = split(inside, ",");
  if (tokens_.is(at, "(") && parts.size() == 1 && !inside.empty()) return evaluate(inside);
  const bool is_dict = tokens_.is(at, "{") && (inside.empty() || tokens_.is(inside.first, "**") ||
                                               find(parts.front(), ":") < parts.front().behind);
  if (!is_dict) {
    std::vector<value> items;
    bool is_told = true;
    for (const auto& part : parts) {
      if (part.empty()) continue;
      if (!tokens_.is(part.first, "*")) {
        items.push_back(evaluate(part));
        continue;
      }
      const auto more = evaluate({part.first + 1, part.behind});
      is_told = is_told && more.is == kind::list && state_.is_sure(more);
      if (!is_told) {
        doubt(more, part.first);
        continue;
      }
      const auto& all = state_.at(more).items;
      items.insert(items.end(), all.begin(), all.end());
    }
    auto out = list_of(std::move(items), at);
    if (!is_told) doubt(out, at);
    return out;
  }
  python_object made;
  made.is = kind::dict;
  made.line = tokens_[at].line;
  auto out = state_.make(std::move(made));
  for (const auto& part : parts) {
    if (part.empty()) continue;
    if (tokens_.is(part.first, "**")) {
      unpack_into(out, evaluate({part.first + 1, part.behind}), part.first);
      continue;
    }
    const auto colon = find(part, ":");
    const auto key = evaluate({part.first, colon});
    set_item(out, key, evaluate({std::min(colon + 1, part.behind), part.behind}));
  }
  return out;
}

// [read(n) for n in networks]
python_value python_run::comprehension(span of, std::size_t at) {
  const auto begin = find(of, "for");
  const auto in = find({begin, of.behind}, "in");
  auto stop = std::min(in + 1, of.behind);
  while (stop < of.behind && !tokens_.is(stop, "for") && !tokens_.is(stop, "if") && !tokens_.is(stop, "async")) {
    stop = behind_piece(tokens_, stop);
  }
  const span targets{begin + 1, in};
  const auto colon = tokens_.is(at, "{") ? find({of.first, begin}, ":") : begin;
  const bool is_lazy = tokens_.is(at, "(");
  const auto all = evaluate({std::min(in + 1, of.behind), stop});
  const auto line = tokens_[at].line;
  frame inside = frames_.back();
  inside.scope = state_.open_scope(frames_.back().scope);
  inside.is_class = false;
  frames_.push_back(inside);
  python_object made;
  made.is = colon < begin ? kind::dict : kind::list;
  made.line = line;
  auto out = state_.make(std::move(made));
  const auto turn = [&] {
    if (colon < begin) {
      const auto key = evaluate({of.first, colon});
      set_item(out, key, evaluate({colon + 1, begin}));
    } else {
      auto one = evaluate({of.first, begin});
      state_.change(out).items.push_back(std::move(one));
    }
  };
  const auto turns = turns_of(all);
  const bool is_told = turns && stop == of.behind && !is_lazy;
  if (is_told) {
    for (const auto& item : *turns) {
      if (is_spent()) break;
      bind_target(targets, item, line);
      turn();
    }
  } else {
    doubt(all, at);
    mention({stop, of.behind});
    turn_unknown_times(line, targets, [&] {
      for (auto i = stop; i < of.behind; ++i) {  // what further loops bind
        if (tokens_.is_name(i) && !tokens_.is(i - 1, ".") && state_.find(tokens_.text(i), inside.scope) == nullptr) {
          auto bound = unknown_at({i, i + 1});
          bound.line = line;
          state_.bind(tokens_.text(i), inside.scope, bound);
        }
      }
      turn();
      return flow::on;
    });
    if (is_lazy) capture_names({of.first, of.behind});
    doubt(out, at);
  }
  frames_.pop_back();
  if (is_told) return out;
  auto unknown = unknown_at({at, static_cast<std::size_t>(tokens_[at].partner) + 1});
  unknown.line = line;
  return unknown;
}

}  // namespace oes
