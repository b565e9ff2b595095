#include "migrate/python_names.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "config/quantity.hpp"
#include "model/utf8.hpp"

namespace oes {
namespace {

using kind = python_literal::kind;
using change = python_binding::change;

// A name that stands for itself, or names that double at every step, would be followed without an end.
constexpr std::size_t most_levels = 16;
constexpr std::size_t most_work = 4UL * 1024 * 1024;  // bytes read and copied
constexpr std::size_t most_changes = 100;
constexpr std::size_t shown = 80;

error untold(std::string why) { return {errc::malformed, std::move(why)}; }

python_literal dict_of(python_literal key, python_literal value) {
  python_literal out;
  out.is = kind::dict;
  out.keys.push_back(std::move(key));
  out.items.push_back(std::move(value));
  return out;
}

const python_literal* member(const python_literal& of, const python_literal& key) {
  if (of.is == kind::list && key.is == kind::number) {
    const auto place = parse_integer(key.text);
    return place && *place >= 0 && *place < static_cast<std::int64_t>(of.items.size())
               ? &of.items[static_cast<std::size_t>(*place)]
               : nullptr;
  }
  if (of.is != kind::dict) return nullptr;
  for (std::size_t i = of.keys.size(); i-- > 0;) {
    if (of.keys[i].is == key.is && of.keys[i].text == key.text) return &of.items[i];
  }
  return nullptr;
}

std::size_t weight(const python_literal& of) {
  std::size_t out = sizeof(of) + of.text.size();
  for (const auto& key : of.keys) out += weight(key);
  for (const auto& item : of.items) out += weight(item);
  return out;
}

std::string lines_of(const std::vector<python_binding>& all) {
  std::set<std::size_t> lines;
  for (const auto& one : all) lines.insert(one.line);
  std::string out;
  for (const auto line : lines) out += (out.empty() ? "" : ", ") + std::to_string(line);
  return printable(out, shown);
}

std::ptrdiff_t offset(std::size_t place) { return static_cast<std::ptrdiff_t>(place); }

error no_literal() { return untold("it is Python code, which is not run here"); }

}  // namespace

python_names::python_names(const python_tokens& tokens)
    : tokens_(tokens), names_(find_bindings(tokens)), used_(tokens.size()) {
  for (const auto& [name, all] : names_) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].is == change::assigned) assigned_at_.try_emplace(all[i].place, &all, i);
    }
  }
}

python_literal python_names::resolved(const python_literal& value, std::size_t place,
                                      std::vector<std::string>& unread) {
  if (value.is == kind::code) {
    std::vector<std::string> of_it;
    auto found = of_expression(value.text, place, of_it);
    if (!found) return value;
    unread.insert(unread.end(), of_it.begin(), of_it.end());
    return std::move(*found);
  }
  if (value.is == kind::list) {
    auto out = value;
    for (auto& item : out.items) item = resolved(item, place, unread);
    return out;
  }
  if (value.is != kind::dict) return value;
  python_literal out;
  out.is = kind::dict;
  unpack(value, place, out, unread);
  return out;
}

void python_names::unpack(const python_literal& from, std::size_t place, python_literal& into,
                          std::vector<std::string>& unread) {
  for (std::size_t i = 0; i < from.items.size(); ++i) {
    const auto& key = from.keys[i];
    const auto& item = from.items[i];
    if (!key.is_unpacking()) {
      into.keys.push_back(resolved(key, place, unread));
      into.items.push_back(resolved(item, place, unread));
      continue;
    }
    const auto other = item.is == kind::code ? of_expression(item.text, place, unread)
                                             : result<python_literal>(resolved(item, place, unread));
    if (other && other->is == kind::dict) {
      into.keys.insert(into.keys.end(), other->keys.begin(), other->keys.end());
      into.items.insert(into.items.end(), other->items.begin(), other->items.end());
    } else {
      unread.push_back("**" + printable(item.text, shown) + ": " + (other ? "it is no dict" : other.error().context));
    }
  }
}

result<python_literal> python_names::of_expression(std::string_view code, std::size_t place,
                                                   std::vector<std::string>& unread) {
  work_ += code.size();
  if (depth_ >= most_levels || work_ > most_work) return untold("its names lead too far");
  ++depth_;
  auto out = of_parts(python_tokens(code), place, unread);
  --depth_;
  if (out) work_ += weight(*out);
  return out;
}

// a | b
result<python_literal> python_names::of_parts(const python_tokens& code, std::size_t place,
                                              std::vector<std::string>& unread) {
  python_literal merged;
  merged.is = kind::dict;
  const auto end = code.size() - 1;
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= end; ++at) {
    if (code.opens(at) && code[at].partner != python_token::nowhere) at = code[at].partner;
    if (at != end && !code.is(at, "|")) continue;
    auto part = of_operand(code, begin, at, place, unread);
    if (!part || (begin == 0 && at == end)) return part;
    if (part->is != kind::dict) return no_literal();
    std::move(part->keys.begin(), part->keys.end(), std::back_inserter(merged.keys));
    std::move(part->items.begin(), part->items.end(), std::back_inserter(merged.items));
    begin = at + 1;
  }
  return merged;
}

// `common`, `jobs["nem"]`, `common.copy()`, `{…}`
result<python_literal> python_names::of_operand(const python_tokens& code, std::size_t first, std::size_t behind,
                                                std::size_t place, std::vector<std::string>& unread) {
  if (python_reader(code, first).at_dict()) {
    const auto value = read_python_literal(code.text(first, behind));
    return value && value->is == kind::dict ? result<python_literal>(resolved(*value, place, unread)) : no_literal();
  }
  if (!code.is_name(first)) return no_literal();
  auto out = look_up(code.text(first), place, unread);
  for (auto at = first + 1; out && at < behind;) {
    if (code.is(at, ".") && code.is(at + 1, "copy") && code.is(at + 2, "(") && code.is(at + 3, ")")) {
      at += 4;
      continue;
    }
    if (!code.is(at, "[") || code[at].partner == python_token::nowhere) return no_literal();
    const auto key = python_reader(code, at + 1).value();
    const auto* found = key ? member(*out, *key) : nullptr;
    if (found == nullptr) return no_literal();
    auto inner = *found;
    out = std::move(inner);
    at = code[at].partner + 1;
  }
  return out;
}

result<python_literal> python_names::look_up(std::string_view name, std::size_t place,
                                             std::vector<std::string>& unread) {
  const auto known = names_.find(name);
  const auto told = printable(name, shown);
  if (known == names_.end()) return untold(told + " is not assigned in this file");
  const auto& all = known->second;
  if (all.size() > most_changes) return untold(told + " is given a value too often");
  if (all.size() == 1 && all.front().is == change::assigned) return after(all, 0, 1, unread);
  if (is_handed_over(name)) return untold(told + " is handed over (line " + lines_of(all) + ")");
  // In one block, from top to bottom: what stands before holds.
  const auto indent = tokens_[place].indent;
  bool one_block = std::all_of(all.begin(), all.end(), [&](const auto& one) { return one.indent == indent; });
  // A line in between that is indented less ends a block: `else:`, or another function.
  for (auto at = all.front().place; one_block && at < place; ++at) one_block = tokens_[at].indent >= indent;
  if (!one_block) {
    return untold("which value " + told + " has is decided by code (lines " + lines_of(all) +
                  "), which is not run here");
  }
  const auto behind = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.place >= place; });
  auto first = behind;
  for (bool assigned = false; !assigned; assigned = first->is == change::assigned) {
    if (first == all.begin()) return untold(told + " is not assigned before");
    --first;
    if (first->is == change::unclear) {
      return untold(told + " depends on code (line " + std::to_string(first->line) + "), which is not run here");
    }
  }
  return after(all, static_cast<std::size_t>(first - all.begin()), static_cast<std::size_t>(behind - all.begin()),
               unread);
}

// What an assignment and the changes behind it make.
python_literal python_names::after(const bindings& all, std::size_t first, std::size_t behind,
                                   std::vector<std::string>& unread) {
  python_literal out;
  for (auto i = first; i < behind; ++i) {
    const auto& one = all[i];
    mark(one, true);
    auto value = resolved(one.value, one.place, unread);
    if (one.is == change::assigned) {
      out = std::move(value);
      continue;
    }
    if (one.is == change::item_set) value = dict_of(one.key, std::move(value));
    std::move(value.keys.begin(), value.keys.end(), std::back_inserter(out.keys));
    std::move(value.items.begin(), value.items.end(), std::back_inserter(out.items));
  }
  return out;
}

const python_binding* python_names::dicts_assigned_at(std::size_t place) const {
  const auto found = assigned_at_.find(place);
  if (found == assigned_at_.end()) return nullptr;
  const auto& one = (*found->second.first)[found->second.second];
  const bool merged = one.value.is == kind::code && one.value.text.find('|') != std::string::npos;
  return merged || one.value.is == kind::dict || one.value.is == kind::list ? &one : nullptr;
}

python_literal python_names::finished(const python_literal& value, std::size_t place,
                                      std::vector<std::string>& unread) {
  const auto found = assigned_at_.find(place);
  if (found == assigned_at_.end()) return resolved(value, place, unread);
  const auto& [all, first] = found->second;
  auto behind = first + 1;
  while (behind < all->size() && (*all)[behind].indent == (*all)[first].indent &&
         ((*all)[behind].is == change::item_set || (*all)[behind].is == change::updated)) {
    ++behind;
  }
  const bool was_used = used_[place];
  auto out = after(*all, first, behind, unread);
  mark((*all)[first], was_used);
  return out;
}

void python_names::mark(const python_binding& one, bool used) {
  if (used_[one.place] != used) std::fill(used_.begin() + offset(one.place), used_.begin() + offset(one.behind), used);
}

bool python_names::is_handed_over(std::string_view name) const {
  const auto known = names_.find(name);
  return known == names_.end() || std::any_of(known->second.begin(), known->second.end(),
                                              [](const python_binding& one) { return one.is == change::handed_over; });
}

}  // namespace oes
