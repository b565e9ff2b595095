#include "migrate/python_state.hpp"

#include <algorithm>

namespace oes {
namespace {

using value_kind = python_value::kind;

python_value unknown_since(std::size_t line, const python_value& candidate, std::string_view name) {
  python_value out;
  out.text = name;
  out.line = line;
  out.may_read = candidate.may_read || candidate.is == value_kind::reader;
  return out;
}

}  // namespace

std::size_t python_state::open_scope(std::size_t outer) {
  scopes_.push_back({outer, {}});
  return scopes_.size() - 1;
}

const python_value* python_state::find(std::string_view name, std::size_t scope) const {
  for (; scope != none; scope = scopes_[scope].outer) {
    const auto found = scopes_[scope].names.find(name);
    if (found != scopes_[scope].names.end()) return &found->second;
  }
  return nullptr;
}

void python_state::bind(std::string_view name, std::size_t scope, python_value value) {
  if (const auto found = captured_.find(name); found != captured_.end()) {
    const auto [line, also_bound] = found->second;
    doubt(value, line);
    if (also_bound) value = unknown_since(line, value, name);
  }
  if (all_doubted_ != 0) {
    doubt(value, all_doubted_);
    value = unknown_since(all_doubted_, value, name);
  }
  auto& names = scopes_[scope].names;
  const auto known = names.find(name);
  written one{true, scope, std::string(name), known != names.end(), {}, value, {}};
  work_ += 16 + value.text.size();
  if (known == names.end()) {
    names.emplace(name, std::move(value));
  } else {
    bound_again_.emplace(scope, name);
    one.before = std::move(known->second);
    known->second = std::move(value);
  }
  changes_.push_back(std::move(one));
}

python_value python_state::make(python_object one) {
  python_value out;
  out.is = one.is;
  out.object = objects_.size();
  work_ += 8 + one.items.size();
  one.is_rehearsed = rehearsals_ > 0;
  objects_.push_back(std::move(one));
  return out;
}

python_object& python_state::change(const python_value& one) {
  auto& object = objects_[one.object];
  work_ += 16 + 2 * (object.items.size() + object.keys.size());
  changes_.push_back({false, one.object, "", true, {}, {}, object});
  object.is_changed = true;
  return object;
}

void python_state::forget(const mark& since) {
  for (auto i = since.objects; i < objects_.size(); ++i) objects_[i].is_rehearsed = true;
}

void python_state::undo(const mark& since) {
  for (auto i = changes_.size(); i-- > since.changes;) {
    auto& one = changes_[i];
    ++work_;
    if (one.is_name) {
      if (one.was_there) {
        scopes_[one.where].names.insert_or_assign(one.name, one.before);
      } else {
        scopes_[one.where].names.erase(one.name);
      }
    } else if (one.where < since.objects) {
      auto& object = objects_[one.where];
      const bool is_used = object.is_used;
      object = one.object_before;
      object.is_used = is_used;
    }
  }
}

void python_state::doubt_name(std::string_view name, std::size_t scope, std::size_t line,
                              const python_value& candidate) {
  const auto found = scopes_[scope].names.find(name);
  const bool is_same = found != scopes_[scope].names.end() && candidate.has_object() &&
                       found->second.is == candidate.is && found->second.object == candidate.object;
  if (is_same) return;
  auto value = unknown_since(line, candidate, name);
  const bool is_doubted = found != scopes_[scope].names.end() && found->second.is == value_kind::unknown &&
                          (found->second.may_read || !value.may_read);
  if (is_doubted) return;
  if (found != scopes_[scope].names.end()) {
    value.may_read = value.may_read || found->second.may_read || found->second.is == value_kind::reader;
    doubt(found->second, line);
  }
  bind(name, scope, std::move(value));
}

void python_state::doubt_changes(const mark& since, std::size_t line) {
  const auto end = changes_.size();
  for (auto i = since.changes; i < end; ++i) {
    work_ += 8;
    if (!changes_[i].is_name) {
      python_value object;
      object.object = changes_[i].where;
      object.is = objects_[object.object].is;
      if (object.object < since.objects) doubt(object, line);
      for (const auto& item : std::vector(objects_[object.object].items)) doubt(item, line);
      continue;
    }
    if (changes_[i].where >= since.scopes) continue;  // of a call that is over
    const auto name = changes_[i].name;
    const auto after = changes_[i].after;
    doubt_name(name, changes_[i].where, line, after);
    // A reader that is made and loaded there is known: what its name stands for behind is told where that is used.
    const bool is_done = after.is == value_kind::reader && after.object >= since.objects && at(after).is_used;
    if (!is_done) doubt(after, line);
  }
}

void python_state::doubt(const python_value& one, std::size_t line) {
  if (!one.has_object()) return;
  ++work_;
  if (at(one).doubted != 0) return;
  if (one.is == value_kind::function) escaped_.push_back(one.object);
  auto& object = change(one);
  object.doubted = line;
  for (const auto& item : std::vector(object.items)) doubt(item, line);
}

void python_state::capture(std::string_view name, std::size_t line, bool also_bound) {
  auto& known = captured_.try_emplace(std::string(name), line, also_bound).first->second;
  known.second = known.second || also_bound;
  for (std::size_t scope = 0; scope < scopes_.size(); ++scope) {
    ++work_;
    const auto found = scopes_[scope].names.find(name);
    if (found == scopes_[scope].names.end()) continue;
    doubt(python_value(found->second), line);
    if (also_bound) bind(name, scope, unknown_since(line, found->second, name));
  }
}

void python_state::doubt_all(std::size_t line) {
  if (all_doubted_ == 0) all_doubted_ = line;
  doubt_all_names(line);
}

void python_state::doubt_all_names(std::size_t line) {
  for (std::size_t scope = 0; scope < scopes_.size(); ++scope) {
    work_ += 4;
    for (const auto& [name, value] : std::map(scopes_[scope].names)) {
      doubt(value, line);
      bind(name, scope, unknown_since(line, value, name));
    }
  }
}

void python_state::doubt_what_changed(std::size_t line) {
  for (const auto& [scope, name] : std::set(bound_again_)) {
    if (scopes_[scope].names.contains(name)) doubt_name(name, scope, line, {});
  }
  for (std::size_t i = 0; i < objects_.size(); ++i) {
    python_value one;
    one.is = objects_[i].is;
    one.object = i;
    ++work_;
    if (objects_[i].is_changed && one.is != value_kind::reader) doubt(one, line);
  }
}

std::vector<std::string> python_state::names_changed_outside(const mark& since, bool& anything) const {
  std::vector<std::string> out;
  for (auto i = since.changes; i < changes_.size(); ++i) {
    const auto& one = changes_[i];
    if (one.is_name && one.where < since.scopes) out.push_back(one.name);
    anything = anything || one.where < (one.is_name ? since.scopes : since.objects);
  }
  return out;
}

}  // namespace oes
