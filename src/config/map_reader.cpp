#include "config/map_reader.hpp"

#include <algorithm>
#include <set>

#include "config/nearest.hpp"
#include "config/scalar_reader.hpp"

namespace oes {
namespace {

// Ten times the facilities of a network.
constexpr std::size_t most_items = 5'000;

std::string leaf(std::string_view path) { return std::string(path.substr(path.rfind('.') + 1)); }

class map_walk {
 public:
  map_walk(const key_scope& scope, problem_log& log) : scope_(scope), log_(log) {}

  void walk(const yaml_value& map, const std::string& section) {
    for (const auto& entry : map.entries) {
      const auto path = section + entry.key;
      if (section.empty() && is_elsewhere(entry.key)) continue;
      const bool dotted = entry.key.find('.') != std::string::npos;
      const auto* info = dotted ? nullptr : find(path);
      if (info != nullptr) {
        read_setting(*info, entry);
      } else if (!dotted && is_section(path)) {
        walk_section(entry, path);
      } else {
        unknown_key(entry, section);
      }
    }
  }

  setting_map out;

 private:
  [[nodiscard]] bool is_elsewhere(const std::string& key) const {
    if (!scope_.free_prefix.empty() && key.starts_with(scope_.free_prefix)) return true;
    return std::find(scope_.elsewhere.begin(), scope_.elsewhere.end(), key) != scope_.elsewhere.end();
  }

  [[nodiscard]] const key_info* find(std::string_view path) const {
    const auto at =
        std::find_if(scope_.table.begin(), scope_.table.end(), [&](const key_info& info) { return info.path == path; });
    return at == scope_.table.end() ? nullptr : &*at;
  }

  [[nodiscard]] bool is_section(const std::string& path) const {
    return std::any_of(scope_.table.begin(), scope_.table.end(),
                       [&](const key_info& info) { return info.path.starts_with(path + "."); });
  }

  void walk_section(const yaml_entry& entry, const std::string& path) {
    if (entry.value.is == yaml_value::form::map) {
      walk(entry.value, path + ".");
    } else if (entry.value.is != yaml_value::form::null) {
      const auto what = entry.value.is == yaml_value::form::list ? "a list" : "a single value";
      log_.fault(entry.value.at, scope_.shown_prefix + path,
                 std::string("found ") + what + "; it is a section of keys");
    }
  }

  // Keys and sections that stand directly in `section` (empty or ending in a dot).
  [[nodiscard]] std::vector<std::string> names_in(const std::string& section) const {
    std::vector<std::string> names;
    for (const auto& info : scope_.table) {
      if (!info.path.starts_with(section)) continue;
      const auto rest = info.path.substr(section.size());
      std::string name(rest.substr(0, rest.find('.')));
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
    }
    if (section.empty()) names.insert(names.end(), scope_.elsewhere.begin(), scope_.elsewhere.end());
    return names;
  }

  // The path of a key that is named so in another section.
  [[nodiscard]] std::string same_name_elsewhere(const std::string& name) const {
    for (const auto& info : scope_.table) {
      if (info.path == name || leaf(info.path) == name) return std::string(info.path);
    }
    return "";
  }

  void unknown_key(const yaml_entry& entry, const std::string& section) {
    const auto path = section + entry.key;
    std::string message = "unknown key";
    if (log_.is_full()) {  // only counted now
      log_.fault(entry.at, scope_.shown_prefix + path, message);
      return;
    }
    const auto here = names_in(section);
    const auto special = scope_.hint == nullptr ? std::string() : scope_.hint(path);
    const auto other = same_name_elsewhere(entry.key);
    if (!special.empty()) {
      message += "; " + special;
    } else if (find(path) != nullptr) {
      message += "; write it nested, '" + leaf(path) + "' inside '" + path.substr(0, path.rfind('.')) + "'";
    } else if (!other.empty()) {
      message += "; did you mean '" + scope_.shown_prefix + other + "'?";
    } else if (const auto near = nearest(entry.key, here)) {
      message += "; did you mean '" + *near + "'?";
    } else {
      message += "; known here: " + listed(here);
    }
    log_.fault(entry.at, scope_.shown_prefix + path, message);
  }

  void read_setting(const key_info& info, const yaml_entry& entry) {
    if (entry.value.is == yaml_value::form::null && !entry.value.failed) return;
    setting& s = out[std::string(info.path)];
    s.origin = setting_origin::from_file;
    s.at = entry.value.at;
    s.key = scope_.shown_prefix + std::string(info.path);
    read_value(info, entry, s);
    s.refused = !s.is_set();
  }

  void read_value(const key_info& info, const yaml_entry& entry, setting& s) {
    if (entry.value.failed) return;
    if (info.kind == value_kind::text_list) {
      read_list(info, entry.value, s);
    } else if (info.kind == value_kind::properties) {
      read_properties(info, entry.value, s);
    } else if (entry.value.is != yaml_value::form::scalar) {
      log_.fault(s.at, s.key, "found " + found(entry.value) + "; it must be " + allowed(info));
    } else {
      read_text(info, entry.value, s.key, s.value);
    }
  }

  void read_text(const key_info& info, const yaml_value& value, const std::string& key, setting_value& into) {
    auto read = read_scalar(info, value.text);
    if (const auto* fault = std::get_if<scalar_fault>(&read)) {
      log_.fault(value.at, key, fault->message);
    } else {
      into = std::get<setting_value>(std::move(read));
    }
  }

  void read_list(const key_info& info, const yaml_value& value, setting& s) {
    if (value.is == yaml_value::form::map) {
      log_.fault(value.at, s.key, "found a map; it must be " + allowed(info));
      return;
    }
    if (info.rules.not_empty && value.is == yaml_value::form::list && value.items.empty()) {
      log_.fault(value.at, s.key, "the list is empty");
      return;
    }
    if (value.items.size() > most_items) {
      log_.fault(value.at, s.key, "the list is longer than " + std::to_string(most_items));
      return;
    }
    const bool single = value.is == yaml_value::form::scalar;
    const std::vector<yaml_value> items = single ? std::vector<yaml_value>{value} : value.items;
    std::vector<std::string> texts;
    std::set<std::string, std::less<>> seen;
    for (std::size_t i = 0; i < items.size(); ++i) {
      const auto& item = items[i];
      const auto key = single ? s.key : s.key + "[" + std::to_string(i) + "]";
      if (item.failed) continue;
      setting_value text;
      if (item.is != yaml_value::form::scalar) {
        log_.fault(item.at, key, "found " + found(item) + "; it must be a text");
      } else if (seen.contains(item.text)) {
        log_.fault(item.at, key, "'" + item.text + "' is listed twice");
      } else {
        read_text(info, item, key, text);
      }
      if (const auto* good = std::get_if<std::string>(&text)) {
        texts.push_back(*good);
        seen.insert(*good);
        s.item_at.push_back(item.at);
      }
    }
    if (!texts.empty() || items.empty()) s.value = std::move(texts);
  }

  // Values may be secrets: only their names and places are told.
  void read_properties(const key_info& info, const yaml_value& value, setting& s) {
    if (value.is != yaml_value::form::map) {
      const auto what = value.is == yaml_value::form::list ? "a list" : "a single value";
      log_.fault(value.at, s.key, std::string("found ") + what + "; it must be " + allowed(info));
      return;
    }
    property_list properties;
    for (const auto& entry : value.entries) {
      if (entry.value.failed) continue;
      if (entry.value.is != yaml_value::form::scalar) {
        log_.fault(entry.value.at, s.key + "." + entry.key,
                   "found " + found(entry.value) + "; a property's value is a single text");
        continue;
      }
      properties.emplace_back(entry.key, entry.value.text);
      s.property_at.push_back(entry.at);
    }
    s.value = std::move(properties);
  }

  const key_scope& scope_;
  problem_log& log_;
};

}  // namespace

setting_map read_map(const yaml_value& map, const key_scope& scope, problem_log& log) {
  map_walk walk(scope, log);
  walk.walk(map, "");
  return std::move(walk.out);
}

}  // namespace oes
