#include "migrate/python_names.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "migrate/python_sharing.hpp"
#include "model/utf8.hpp"

namespace oes {
namespace {

using kind = python_literal::kind;
using change = python_binding::change;

// A name that stands for itself, or names that double at every step, would be followed without an end.
constexpr std::size_t deepest_name = 16;
constexpr std::size_t most_values_given = 100;

python_literal dict_of(python_literal key, python_literal value) {
  python_literal out;
  out.is = kind::dict;
  out.keys.push_back(std::move(key));
  out.items.push_back(std::move(value));
  return out;
}

std::string lines_of(const std::vector<python_binding>& all) {
  std::set<std::size_t> lines;
  for (const auto& one : all) lines.insert(one.line);
  std::string out;
  for (const auto line : lines) out += (out.empty() ? "" : ", ") + std::to_string(line);
  return printable(out, longest_shown);
}

std::ptrdiff_t offset(std::size_t place) { return static_cast<std::ptrdiff_t>(place); }

}  // namespace

python_names::python_names(const python_tokens& tokens) : tokens_(tokens), blocks_(tokens), used_(tokens.size()) {
  std::map<std::size_t, std::size_t> parameters;
  for (std::size_t i = 0; i < blocks_.all().size(); ++i) {
    for (const auto& one : blocks_.all()[i].parameters) parameters[one.place] = i;
  }
  auto found = find_bindings(tokens, blocks_);
  add_shared_changes(tokens, blocks_, found);
  for (auto& [name, all] : found) {
    auto& scopes = names_[name];
    for (auto& one : all) {
      const auto owner = parameters.find(one.name);
      const auto scope = owner == parameters.end() ? blocks_.scope_around(one.name) : owner->second;
      scopes[scope].push_back(std::move(one));
    }
  }
  for (auto& [name, scopes] : names_) {
    move_out(scopes);
    for (const auto& [scope, all] : scopes) {
      for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].is == change::assigned) assigned_at_.try_emplace(all[i].place, &all, i);
      }
    }
  }
}

// What a function changes without giving a value of its own to the name is of the scope around it.
void python_names::move_out(std::map<std::size_t, bindings>& scopes) const {
  const auto owns = [](const bindings& all) {
    return std::none_of(all.begin(), all.end(), [](const auto& one) { return one.is == change::declared; }) &&
           std::any_of(all.begin(), all.end(),
                       [](const auto& one) { return one.is == change::assigned || one.is == change::handed_over; });
  };
  for (auto at = scopes.begin(); at != scopes.end();) {
    if (at->first == python_blocks::none || owns(at->second)) {
      ++at;
      continue;
    }
    auto outer = blocks_.scope_outside(at->first);
    while (outer != python_blocks::none && !(scopes.contains(outer) && owns(scopes.at(outer)))) {
      outer = blocks_.scope_outside(outer);
    }
    auto& all = scopes[outer];
    std::move(at->second.begin(), at->second.end(), std::back_inserter(all));
    at = scopes.erase(at);
  }
  for (auto& [scope, all] : scopes) {
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
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
      unread.push_back("**" + printable(item.text, longest_shown) + ": " +
                       (other ? "it is no dict" : other.error().context));
    }
  }
}

// As a scope's own names are seen from within functions: where these were called.
std::size_t python_names::seen_from(std::size_t place, std::size_t scope) const {
  std::size_t levels = 0;  // two functions may call one another
  for (auto inner = blocks_.scope_around(place); inner != scope && inner != python_blocks::none; ++levels) {
    if (blocks_.all()[inner].is == python_block::kind::function) {
      if (frame_ == nullptr || !frame_->called_from.contains(inner) || levels > deepest_name)
        return python_token::nowhere;
      place = frame_->called_from.at(inner);
      inner = blocks_.scope_around(place);
    } else {
      inner = blocks_.scope_outside(inner);
    }
  }
  return place;
}

const python_literal* python_names::given_to(const python_binding& one) const {
  if (one.is != change::handed_over || frame_ == nullptr) return nullptr;
  const auto found = frame_->given.find(one.name);
  return found == frame_->given.end() ? nullptr : &found->second;
}

// Of several loops with one name the one that is around the place, and nearest to it.
const python_literal* python_names::given_by_loop(const bindings& all, std::size_t place) const {
  const auto behind = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name >= place; });
  if (place == python_token::nowhere || behind == all.begin()) return nullptr;
  const auto& last = *std::prev(behind);
  for (const auto index : blocks_.all_around(place)) {
    const auto& block = blocks_.all()[index];
    if (block.is == python_block::kind::loop && block.targets <= last.name && last.name < block.iterable) {
      return given_to(last);
    }
  }
  return nullptr;
}

result<python_literal> python_names::look_up(std::string_view name, std::size_t place,
                                             std::vector<std::string>& unread) {
  const auto known = names_.find(name);
  const auto told = printable(name, longest_shown);
  if (known == names_.end()) return untold(told + " is not assigned in this file");
  for (auto scope = blocks_.scope_around(place);; scope = blocks_.scope_outside(scope)) {
    const auto found = known->second.find(scope);
    if (found != known->second.end()) return at_place(found->second, told, seen_from(place, scope), unread);
    if (scope == python_blocks::none) return untold(told + " is not assigned where this can see it");
  }
}

result<python_literal> python_names::at_place(const bindings& all, std::string_view told_as, std::size_t place,
                                              std::vector<std::string>& unread) {
  const std::string told(told_as);
  if (all.size() > most_values_given) return untold(told + " is given a value too often");
  const bool is_one = all.size() == 1;
  if (is_one && all.front().is == change::assigned) return after(all, 0, 1, unread);
  if (is_one && given_to(all.front()) != nullptr) return *given_to(all.front());
  const auto is_handed = [](const python_binding& one) { return one.is == change::handed_over; };
  if (std::all_of(all.begin(), all.end(), is_handed)) {
    if (const auto* given = given_by_loop(all, place)) return *given;
  }
  if (std::any_of(all.begin(), all.end(),
                  [&](const auto& one) { return is_handed(one) && given_to(one) == nullptr; })) {
    return untold(told + " is handed over (line " + lines_of(all) + ")");
  }
  // In one block, from top to bottom: what stands before holds.
  const auto indent = tokens_[place].indent;
  const auto begin = std::find_if_not(all.begin(), all.end(), is_handed);
  bool one_block =
      place != python_token::nowhere && begin != all.end() &&
      std::all_of(all.begin(), all.end(), [&](const auto& one) { return is_handed(one) || one.indent == indent; });
  // A line in between that is indented less ends a block: `else:`, or another function.
  for (auto at = begin == all.end() ? place : begin->place; one_block && at < place; ++at) {
    one_block = tokens_[at].indent >= indent;
  }
  if (!one_block) {
    return untold("which value " + told + " has is decided by code (lines " + lines_of(all) +
                  "), which is not run here");
  }
  const auto behind = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.place >= place; });
  auto first = behind;
  for (bool assigned = false; !assigned; assigned = first->is == change::assigned || is_handed(*first)) {
    if (first == all.begin()) return untold(told + " is not assigned before");
    --first;
    if (first->is == change::unclear || first->is == change::declared) {
      return untold(told + " depends on code (line " + std::to_string(first->line) + "), which is not run here");
    }
  }
  return after(all, static_cast<std::size_t>(first - all.begin()), static_cast<std::size_t>(behind - all.begin()),
               unread);
}

// What an assignment and the changes after it make.
python_literal python_names::after(const bindings& all, std::size_t first, std::size_t behind,
                                   std::vector<std::string>& unread) {
  python_literal out;
  for (auto i = first; i < behind; ++i) {
    const auto& one = all[i];
    if (const auto* given = given_to(one)) {
      out = *given;
      continue;
    }
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

void python_names::use(std::size_t first, std::size_t behind) {
  std::fill(used_.begin() + offset(first), used_.begin() + offset(std::min(behind, used_.size())), true);
}

}  // namespace oes
