#include "migrate/python_walks.hpp"

#include <algorithm>
#include <utility>

namespace oes {
namespace {

using kind = python_literal::kind;

constexpr std::size_t deepest_walk = 8;
constexpr std::size_t most_frames = 256;    // of one place
constexpr std::size_t most_walks = 20'000;  // of a script

// What a loop over it gives: items, or the keys of a dict.
python_literal list_of(const python_literal& of, bool pairs, bool values) {
  python_literal out;
  out.is = kind::list;
  if (of.is == kind::list) return of;
  for (std::size_t i = 0; i < of.items.size(); ++i) {
    python_literal pair;
    pair.is = kind::list;
    if (pairs) pair.items = {of.keys[i], of.items[i]};
    out.items.push_back(pairs ? pair : values ? of.items[i] : of.keys[i]);
  }
  return out;
}

}  // namespace

python_walks::python_walks(const python_tokens& tokens, python_names& names)
    : tokens_(tokens), names_(names), blocks_(names.blocks()) {
  for (std::size_t i = 0; i < blocks_.all().size(); ++i) {
    const auto& one = blocks_.all()[i];
    if (one.is != python_block::kind::function) continue;
    const auto [known, is_new] = functions_.try_emplace(std::string(tokens.text(one.name)), i);
    if (!is_new) known->second = python_blocks::none;
  }
  find_mentions();
}

void python_walks::find_mentions() {
  for (std::size_t at = 0; at < tokens_.size(); ++at) {
    if (!tokens_.is_name(at) || (at > 0 && tokens_.is(at - 1, "def"))) continue;
    const auto function = called_at(at);
    // `name = …` gives another value to the name, or is an argument's name.
    if (function != python_blocks::none && !tokens_.is(at + 1, "=") && !tokens_.is(at + 1, ".")) {
      mentions_[function].push_back({at, tokens_.is(at + 1, "(")});
    }
  }
}

std::size_t python_walks::called_at(std::size_t place) const {
  if (!tokens_.is_name(place)) return python_blocks::none;
  const auto found = functions_.find(tokens_.text(place));
  if (found == functions_.end() || found->second == python_blocks::none) return python_blocks::none;
  const bool has_dot = place > 0 && tokens_.is(place - 1, ".");
  return has_dot == blocks_.is_method(found->second) ? found->second : python_blocks::none;
}

std::vector<python_frame> python_walks::to(std::size_t place) {
  std::vector<python_frame> out;
  const auto function = blocks_.function_around(place);
  const auto known = mentions_.find(function);
  if (function != python_blocks::none && known != mentions_.end() && depth_ < deepest_walk) {
    ++depth_;
    for (const auto& one : known->second) {
      const auto& body = blocks_.all()[function];
      if (one.place >= body.begin && one.place < body.end) continue;  // it calls itself
      for (const auto& frame : to(one.place)) {
        is_cut_ = is_cut_ || out.size() >= most_frames || ++made_ > most_walks;
        if (is_cut_) break;
        out.push_back(one.is_call ? into(function, one.place, frame) : frame);
      }
    }
    --depth_;
  }
  if (out.empty()) out.emplace_back();
  for (const auto block : blocks_.all_around(place)) {
    if (blocks_.function_around(blocks_.all()[block].header) == function) turn(block, out);
  }
  return out;
}

std::vector<python_frame> python_walks::turns(std::size_t place, std::size_t other, const python_frame& frame) {
  std::vector<python_frame> out{frame};
  const auto around = blocks_.all_around(other);
  const auto function = blocks_.function_around(place);
  for (const auto block : blocks_.all_around(place)) {
    const bool is_around_both = std::find(around.begin(), around.end(), block) != around.end();
    if (!is_around_both && blocks_.function_around(blocks_.all()[block].header) == function) turn(block, out);
  }
  return out;
}

void python_walks::turn(std::size_t index, std::vector<python_frame>& frames) {
  const auto& block = blocks_.all()[index];
  const bool is_loop = block.is == python_block::kind::loop || block.is == python_block::kind::comprehension;
  if (!is_loop) return;
  std::vector<python_frame> out;
  for (auto& frame : frames) {
    const auto items = items_of(index, frame);
    if (!items || block.is_filtered) {
      out.push_back(std::move(frame));
      continue;
    }
    for (const auto& item : items->items) {
      is_cut_ = is_cut_ || out.size() >= most_frames || ++made_ > most_walks;
      if (is_cut_) break;
      auto next = frame;
      bind(block.targets, block.iterable - 1, item, next);
      out.push_back(std::move(next));
    }
  }
  frames = std::move(out);
}

// `name`, `name, other`, `(name, other)`; what else stands there is given nothing.
bool python_walks::bind(std::size_t first, std::size_t behind, const python_literal& value, python_frame& frame) const {
  if (tokens_.is(first, "(") && tokens_[first].partner + 1 == behind) return bind(first + 1, behind - 1, value, frame);
  if (behind == first + 1 && tokens_.is_name(first)) {
    frame.given[first] = value;
    return true;
  }
  std::size_t i = 0;
  for (auto at = first; at < behind; ++i) {
    auto end = at;
    while (end < behind && !tokens_.is(end, ",")) end = behind_piece(tokens_, end);
    if (value.is != kind::list || i >= value.items.size() || !bind(at, end, value.items[i], frame)) return false;
    at = end + 1;
  }
  return i > 0;
}

result<python_literal> python_walks::items_of(std::size_t index, const python_frame& frame) {
  const auto& block = blocks_.all()[index];
  const error untold{errc::malformed, "it is Python code, which is not run here"};
  python_reader reader(tokens_, block.iterable);
  auto read = reader.literal();
  if (!read) return untold;
  auto end = reader.position();
  if (read->is == kind::code) {  // a name, with what is done to it
    end = block.iterable + 1;
    while (tokens_.is(end, "[") && tokens_[end].partner != python_token::nowhere) end = tokens_[end].partner + 1;
    *read = python_literal::of_code(tokens_.text(block.iterable, end));
  }
  const bool has_call = tokens_.is(end, ".") && tokens_.is(end + 2, "(") && tokens_.is(end + 3, ")");
  const bool pairs = has_call && tokens_.is(end + 1, "items");
  const bool values = has_call && tokens_.is(end + 1, "values");
  if (pairs || values || (has_call && tokens_.is(end + 1, "keys"))) end += 4;
  const bool is_over = tokens_.is(end, ":") || tokens_.is(end, "if") || tokens_.is(end, "for") || end >= block.end ||
                       tokens_.is(end, ")") || tokens_.is(end, "]") || tokens_.is(end, "}");
  if (!is_over) return untold;
  names_.enter(&frame);
  std::vector<std::string> unread;
  auto value = names_.resolved(*read, block.iterable, unread);
  names_.enter(nullptr);
  const bool is_dict = value.is == kind::dict;
  if (!unread.empty() || !(is_dict || (value.is == kind::list && !pairs && !values))) return untold;
  names_.use(block.iterable, end);
  return list_of(value, pairs, values);
}

python_literal python_walks::value_at(std::size_t place, std::size_t seen_from, const python_frame& frame) {
  auto read = python_reader(tokens_, place).value();
  if (!read) return python_literal::of_code(tokens_.text(place));
  names_.enter(&frame);
  std::vector<std::string> unread;
  auto value = names_.resolved(*read, seen_from, unread);
  names_.enter(nullptr);
  return unread.empty() ? value : *read;
}

python_frame python_walks::into(std::size_t function, std::size_t call, const python_frame& frame) {
  const auto& block = blocks_.all()[function];
  python_frame out = frame;
  out.called_from[function] = call;
  for (const auto& one : block.parameters) out.given.erase(one.place);
  python_reader reader(tokens_, call + 1);
  auto arguments = reader.arguments();
  if (!arguments) return out;
  python_literal all;
  all.is = kind::dict;
  all.keys = arguments->named.keys;
  all.items = arguments->named.items;
  names_.enter(&frame);
  std::vector<std::string> unread;
  auto named = names_.resolved(all, call, unread);
  std::vector<python_literal> values;
  for (const auto& one : arguments->values) values.push_back(names_.resolved(one, call, unread));
  names_.enter(nullptr);
  const bool is_told =
      unread.empty() && std::none_of(arguments->values.begin(), arguments->values.end(),
                                     [](const auto& one) { return one.is == kind::code && one.text.starts_with('*'); });
  if (!is_told) return out;
  names_.use(call + 1, reader.position());
  std::size_t next = 0;
  for (std::size_t i = blocks_.is_method(function) ? 1 : 0; i < block.parameters.size(); ++i) {
    const auto& one = block.parameters[i];
    if (one.is == python_parameter::kind::rest) {
      next = values.size();
    } else if (one.is == python_parameter::kind::named_rest) {
      out.given[one.place] = named;
    } else if (next < values.size()) {
      out.given[one.place] = values[next++];
    } else {
      const auto key = std::find_if(named.keys.begin(), named.keys.end(), [&](const python_literal& each) {
        return each.is == kind::text && each.text == tokens_.text(one.place);
      });
      if (key != named.keys.end()) {
        const auto place = key - named.keys.begin();
        out.given[one.place] = named.items[static_cast<std::size_t>(place)];
        named.keys.erase(key);
        named.items.erase(named.items.begin() + place);
      } else if (one.otherwise != 0) {
        out.given[one.place] = value_at(one.otherwise, block.header, frame);
      }
    }
  }
  return out;
}

}  // namespace oes
