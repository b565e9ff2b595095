#include "config/config_changes.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace oes {
namespace {

// What a daemon takes over while it runs. A key that is not named here waits for a restart.
constexpr std::array live_sections{"api.",
                                   "budget.",
                                   "retry.",
                                   "schedule.",
                                   "facilities.",
                                   "http.",
                                   "kafka.topics.",
                                   "kafka.properties.ssl.",
                                   "schema_registry."};
constexpr std::array live_keys{"log.level", "kafka.create_topics", "kafka.properties.sasl.username",
                               "kafka.properties.sasl.password"};

// What makes a stream what it is, for progress and for readers.
constexpr std::array identity_keys{"network_code",   "interval",   "primary_grouping", "secondary_grouping",
                                   "network_region", "fueltech",   "fueltech_group",   "facility_code",
                                   "topic",          "record.key", "record.shape",     "record.format"};

template <std::size_t N>
bool is_one_of(const std::array<const char*, N>& names, std::string_view path) {
  return std::find(names.begin(), names.end(), path) != names.end();
}

std::string name_of(const key_values& stream) { return as<std::string>(stream.at("name")); }

const key_values* find_stream(const config_values& in, const std::string& name) {
  const auto found =
      std::find_if(in.streams.begin(), in.streams.end(), [&](const key_values& one) { return name_of(one) == name; });
  return found == in.streams.end() ? nullptr : &*found;
}

void add_changed_properties(const std::string& path, const property_list& before, const property_list& after,
                            std::vector<std::string>& keys) {
  const std::set<std::pair<std::string, std::string>> old_ones(before.begin(), before.end());
  const std::set<std::pair<std::string, std::string>> new_ones(after.begin(), after.end());
  std::set<std::string> changed;
  for (const auto& one : old_ones) {
    if (!new_ones.contains(one)) changed.insert(one.first);
  }
  for (const auto& one : new_ones) {
    if (!old_ones.contains(one)) changed.insert(one.first);
  }
  const auto section = path + ".";
  for (const auto& name : changed) keys.push_back(section + name);
}

std::vector<std::string> changed_keys(const key_values& before, const key_values& after) {
  std::vector<std::string> keys;
  for (const auto& [path, value] : after) {
    const auto found = before.find(path);
    const auto old = found == before.end() ? setting_value() : found->second;
    if (old == value) continue;
    if (std::holds_alternative<property_list>(value) && std::holds_alternative<property_list>(old)) {
      add_changed_properties(path, std::get<property_list>(old), std::get<property_list>(value), keys);
    } else {
      keys.push_back(path);
    }
  }
  return keys;
}

void compare_daemon(const config_values& running, const config_values& wanted, config_changes& out) {
  for (auto& key : changed_keys(running.daemon, wanted.daemon)) {
    if (rule_of_daemon_key(key) == change_rule::taken_over) {
      out.daemon_keys.push_back(std::move(key));
    } else {
      out.refused.push_back(key + " cannot change while the daemon runs: restart it, or put the old value back");
    }
  }
}

void compare_stream(const std::string& name, const key_values& before, const key_values& after, config_changes& out) {
  changed_stream changed{name, {}};
  const auto whose = "stream " + name + ": ";
  for (auto& key : changed_keys(before, after)) {
    if (rule_of_stream_key(key) == change_rule::taken_over) {
      changed.keys.push_back(std::move(key));
    } else {
      out.refused.push_back(whose + key +
                            " cannot change under the same name: give the stream a new name, under which it begins at "
                            "its start:, or put the old value back");
    }
  }
  if (!changed.keys.empty()) out.changed.push_back(std::move(changed));
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

}  // namespace

change_rule rule_of_daemon_key(std::string_view path) {
  const bool live =
      is_one_of(live_keys, path) || std::any_of(live_sections.begin(), live_sections.end(),
                                                [path](const char* section) { return path.starts_with(section); });
  return live ? change_rule::taken_over : change_rule::needs_restart;
}

change_rule rule_of_stream_key(std::string_view path) {
  return is_one_of(identity_keys, path) ? change_rule::needs_new_name : change_rule::taken_over;
}

config_changes compare(const config_values& running, const config_values& wanted) {
  config_changes out;
  compare_daemon(running, wanted, out);
  for (const auto& stream : wanted.streams) {
    const auto name = name_of(stream);
    const auto* before = find_stream(running, name);
    if (before == nullptr) {
      out.added.push_back(name);
    } else {
      compare_stream(name, *before, stream, out);
    }
  }
  for (const auto& stream : running.streams) {
    if (find_stream(wanted, name_of(stream)) == nullptr) out.removed.push_back(name_of(stream));
  }
  return out;
}

std::string line_of(const config_changes& changes) {
  std::vector<std::string> parts;
  if (!changes.added.empty()) parts.push_back("streams added: " + joined(changes.added));
  if (!changes.removed.empty()) parts.push_back("streams removed: " + joined(changes.removed));
  for (const auto& stream : changes.changed) parts.push_back("stream " + stream.name + ": " + joined(stream.keys));
  if (!changes.daemon_keys.empty()) parts.push_back(joined(changes.daemon_keys));
  std::string out;
  for (const auto& part : parts) out += (out.empty() ? "" : "; ") + part;
  return out;
}

bool concerns_streams(const config_changes& changes) {
  if (!changes.added.empty() || !changes.removed.empty() || !changes.changed.empty()) return true;
  return std::any_of(changes.daemon_keys.begin(), changes.daemon_keys.end(), [](const std::string& key) {
    return !key.starts_with("http.") && !key.starts_with("log.") && !key.starts_with("kafka.");
  });
}

bool concerns_topics(const config_changes& changes) {
  // Another metric may have a topic of its own.
  const bool other_metrics = std::any_of(changes.changed.begin(), changes.changed.end(), [](const changed_stream& one) {
    return std::find(one.keys.begin(), one.keys.end(), "metrics") != one.keys.end();
  });
  return !changes.added.empty() || other_metrics ||
         std::any_of(changes.daemon_keys.begin(), changes.daemon_keys.end(), [](const std::string& key) {
           return key.starts_with("kafka.") || key.starts_with("facilities.");
         });
}

}  // namespace oes
