#include "config/settings_reader.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "config/folder_check.hpp"
#include "config/kafka_properties.hpp"
#include "config/map_reader.hpp"
#include "config/proxy_choice.hpp"
#include "config/scalar_reader.hpp"
#include "config/secret_file.hpp"
#include "config/settings_table.hpp"
#include "config/state_folder.hpp"
#include "config/text_checks.hpp"

namespace oes {
namespace {

constexpr std::size_t most_streams = 500;

const yaml_entry* entry_of(const yaml_value& map, std::string_view key) {
  const auto at =
      std::find_if(map.entries.begin(), map.entries.end(), [&](const yaml_entry& entry) { return entry.key == key; });
  return at == map.entries.end() ? nullptr : &*at;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> out;
  std::size_t from = 0;
  while (from <= text.size()) {
    const auto end = std::min(text.find(separator, from), text.size());
    if (end > from) out.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return out;
}

// Where the table's text for a default, or the environment's, becomes a value.
setting_value parsed(const key_info& info, const std::string& text, std::string& problem) {
  const bool list = info.kind == value_kind::text_list;
  auto read = read_scalar(info, text);
  if (const auto* fault = std::get_if<scalar_fault>(&read)) {
    problem = fault->message;
    return {};
  }
  if (list) return split(text, ',');
  return std::get<setting_value>(std::move(read));
}

setting standard_setting(const key_info& info, const std::string& key, source_position at) {
  setting s;
  s.key = key;
  s.at = at;
  std::string problem;
  if (info.kind == value_kind::properties) s.value = property_list();
  if (info.kind == value_kind::text_list) s.value = std::vector<std::string>();
  if (!info.standard.empty()) s.value = parsed(info, std::string(info.standard), problem);
  return s;
}

// A refused value stays marked as from the file, but holds the default.
void fill_standard(setting& s, const key_info& info) {
  if (!s.is_set()) s.value = standard_setting(info, s.key, s.at).value;
}

struct variable_value {
  std::string name;
  std::string text;  ///< empty: none is set
};

variable_value first_set(const std::vector<std::string_view>& names, const environment& env) {
  for (const auto name : names) {
    variable_value out{std::string(name), {}};
    out.text = env(out.name).value_or("");
    // systemd joins several state directories with colons; the first is the unit's own.
    if (name == "STATE_DIRECTORY") out.text = out.text.substr(0, out.text.find(':'));
    if (!out.text.empty()) return out;
  }
  return {};
}

void add_environment(setting_map& settings, const environment& env, problem_log& log) {
  for (const auto& info : daemon_key_infos()) {
    if (settings.contains(info.path)) continue;
    const auto [variable, text] = first_set(info.rules.env, env);
    if (text.empty()) continue;
    setting s;
    s.origin = setting_origin::from_environment;
    s.key = std::string(info.path);
    std::string problem;
    if (is_quoted(text)) {
      problem = "the value stands in quotes, which are taken for a part of it: leave them away";
    } else {
      s.value = parsed(info, text, problem);
    }
    s.refused = !problem.empty();
    if (s.refused) log.environment_fault(variable, problem);
    settings.emplace(info.path, std::move(s));
  }
}

// Texts left empty on purpose (`api_key: ${KEY:-}`) count as not given where only a text makes sense.
void drop_empty(setting_map& settings, std::string_view path) {
  const auto at = settings.find(path);
  if (at == settings.end()) return;
  const auto* text = std::get_if<std::string>(&at->second.value);
  if (text != nullptr && text->empty()) settings.erase(at);
}

// A secret that stands in a file of its own, by the key with `_file`.
void read_secret(setting_map& settings, const std::string& path, problem_log& log) {
  const auto file = settings.find(path + "_file");
  if (file == settings.end() || !file->second.is_set()) return;
  const auto& given = file->second;
  if (settings.contains(path)) {
    log.fault(given.at, given.key, "given beside " + path + "; write one of the two");
    return;
  }
  setting key;
  key.origin = setting_origin::from_file;
  key.at = given.at;
  key.key = given.key;
  const auto& name = as<std::string>(given.value);
  auto secret = read_secret_named_by(given.key, name);
  std::string problem = secret.problem;
  if (problem.empty()) key.value = parsed(info_of(daemon_key_infos(), path), secret.text, problem);
  if (problem.empty()) problem = fault_of_secret_line(name, secret.text);
  key.refused = !problem.empty();
  if (key.refused) log.fault(given.at, given.key, problem);
  settings.emplace(path, std::move(key));
}

void check_readable(const setting_map& settings, problem_log& log) {
  for (const auto& info : daemon_key_infos()) {
    const auto at = settings.find(info.path);
    if (info.kind != value_kind::file || at == settings.end() || !at->second.is_set()) continue;
    const auto& path = as<std::string>(at->second.value);
    if (access(path.c_str(), R_OK) == 0) continue;
    log.fault(at->second.at, at->second.key, why_unreadable(path));
  }
}

// An ordinary user who tries the program out has no folder under /var/lib.
void settle_progress_path(setting_map& settings, const environment& env, problem_log& log) {
  auto& path = settings.at("progress_path");
  if (path.origin != setting_origin::by_default) return;
  const auto own = state_folder_of_user(env);
  const auto& standard = as<std::string>(path.value);
  if (look_at_folder(standard).complaint.empty()) return;
  if (own.empty()) {
    return log.warn({}, "progress_path",
                    "this user cannot write to " + standard +
                        ", and without HOME nothing says where else progress is kept: set progress_path");
  }
  if (!look_at_folder(own).complaint.empty()) return;
  log.warn({}, "progress_path", "this user cannot write to " + standard + ": progress is kept in " + own);
  path.value = own;
}

std::string daemon_hint(const std::string& path) {
  for (const auto& info : stream_key_infos()) {
    if (info.path == path) return "it is an option of a stream: write it under 'streams' or 'defaults'";
  }
  if (path.starts_with("kafka.topics.")) return "";
  const auto property = path.starts_with("kafka.") ? path.substr(6) : std::string();
  if (property.find('.') != std::string::npos) return "a property of librdkafka: write it under 'kafka.properties'";
  return "";
}

std::string stream_hint(const std::string& path) {
  for (const auto& info : daemon_key_infos()) {
    if (info.path == path) return "it is a key of the daemon: write it at the top of the file";
  }
  return "";
}

std::string defaults_hint(const std::string& path) {
  return path == "name" ? "each stream has a name of its own" : stream_hint(path);
}

constexpr std::array may_be_empty{"api.api_key",
                                  "api.api_key_file",
                                  "api.ca_file",
                                  "api.proxy",
                                  "schema_registry.url",
                                  "schema_registry.username",
                                  "schema_registry.password",
                                  "schema_registry.password_file",
                                  "schema_registry.ca_file"};
constexpr std::array secrets_in_files{"api.api_key", "schema_registry.password"};
constexpr std::array named_files{"api.api_key_file", "api.ca_file", "schema_registry.password_file",
                                 "schema_registry.ca_file"};

setting_map read_daemon(const yaml_value& root, const environment& env, all_settings& out, problem_log& log) {
  auto settings = read_map(root, {daemon_key_infos(), "", {"defaults", "streams"}, daemon_hint, "x-"}, log);
  for (const auto* path : may_be_empty) drop_empty(settings, path);
  for (const auto* path : secrets_in_files) read_secret(settings, path, log);
  add_environment(settings, env, log);
  check_readable(settings, log);
  for (const auto& info : daemon_key_infos()) {
    const std::string path(info.path);
    const auto at = settings.find(path);
    if (at == settings.end()) {
      settings.emplace(path, standard_setting(info, path, {}));
    } else {
      fill_standard(at->second, info);
    }
  }
  settle_progress_path(settings, env, log);
  out.registry_proxy = registry_proxy(settings, env);
  resolve_proxy(settings, env, log);
  // An empty Kafka and two variables are enough; who writes a file decides for himself.
  auto& create = settings.at("kafka.create_topics");
  if (log.file().empty() && create.origin == setting_origin::by_default) create.value = std::string("all");
  if (const auto* key = std::get_if<std::string>(&settings.at("api.api_key").value)) out.secrets.push_back(*key);
  const auto& password = settings.at("schema_registry.password").value;
  if (const auto* text = std::get_if<std::string>(&password)) out.secrets.push_back(*text);
  if (const auto key = env("OPENELECTRICITY_API_KEY")) out.secrets.push_back(*key);
  for (const auto* path : named_files) {
    const auto at = settings.find(path);
    const auto* file = at == settings.end() ? nullptr : std::get_if<std::string>(&at->second.value);
    if (file != nullptr && !file->empty()) out.files.push_back(*file);
  }
  resolve_kafka_properties(settings.at("kafka.properties"), out.secrets, out.files, log);
  return settings;
}

setting_map read_defaults(const yaml_value& root, problem_log& log) {
  const auto* defaults = entry_of(root, "defaults");
  if (defaults == nullptr || defaults->value.is == yaml_value::form::null) return {};
  if (defaults->value.is != yaml_value::form::map) {
    log.fault(defaults->value.at, "defaults",
              "found " + found(defaults->value) + "; it is a section of stream options");
    return {};
  }
  std::vector<key_info> table;
  std::copy_if(stream_key_infos().begin(), stream_key_infos().end(), std::back_inserter(table),
               [](const key_info& info) { return info.path != "name"; });
  return read_map(defaults->value, {table, "defaults.", {}, defaults_hint}, log);
}

// Own value, else inherited, else the table's.
void complete(stream_settings& stream, const setting_map& defaults) {
  for (const auto& info : stream_key_infos()) {
    const std::string path(info.path);
    if (!stream.values.contains(path)) {
      const auto inherited = defaults.find(path);
      stream.values.emplace(path, inherited != defaults.end()
                                      ? inherited->second
                                      : standard_setting(info, stream.key + "." + path, stream.at));
    }
    fill_standard(stream.values.at(path), info);
  }
}

stream_settings only_stream(const setting_map& defaults) {
  stream_settings stream{"streams[0]", {}, {}};
  complete(stream, defaults);
  auto name = as<std::string>(stream.values.at("network_code").value);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  stream.values.at("name").value = name;
  return stream;
}

void check_names(const std::vector<stream_settings>& streams, problem_log& log) {
  for (std::size_t i = 0; i < streams.size(); ++i) {
    const auto& name = streams[i].values.at("name");
    if (!name.is_set()) {
      if (!name.refused) log.fault(streams[i].at, streams[i].key, "a stream needs a 'name'");
      continue;
    }
    for (std::size_t j = 0; j < i; ++j) {
      const auto& other = streams[j].values.at("name");
      if (other.value != name.value) continue;
      log.fault(name.at, name.key,
                "two streams are named '" + as<std::string>(name.value) + "' (the other on line " +
                    std::to_string(other.at.line) + "); progress is kept by name");
      break;
    }
  }
}

std::vector<stream_settings> read_streams(const yaml_value& root, problem_log& log) {
  const auto defaults = read_defaults(root, log);
  const auto* entry = entry_of(root, "streams");
  if (entry == nullptr || entry->value.is == yaml_value::form::null) return {only_stream(defaults)};
  std::vector<stream_settings> streams;
  if (entry->value.is != yaml_value::form::list) {
    log.fault(entry->value.at, "streams", "it must be a list of streams, each beginning with '- name:'");
    return streams;
  }
  if (entry->value.items.empty()) log.fault(entry->value.at, "streams", "it is empty; leave it out for one NEM stream");
  if (entry->value.items.size() > most_streams) {
    log.fault(entry->value.at, "streams",
              "more than " + std::to_string(most_streams) + " streams; split them over several deployments");
    return streams;
  }
  for (std::size_t i = 0; i < entry->value.items.size(); ++i) {
    const auto& item = entry->value.items[i];
    stream_settings stream{"streams[" + std::to_string(i) + "]", item.at, {}};
    if (item.is != yaml_value::form::map) {
      if (!item.failed) log.fault(item.at, stream.key, "found " + found(item) + "; a stream is a map of options");
      continue;
    }
    stream.values = read_map(item, {stream_key_infos(), stream.key + ".", {}, stream_hint}, log);
    complete(stream, defaults);
    streams.push_back(std::move(stream));
  }
  check_names(streams, log);
  return streams;
}

}  // namespace

bool stream_settings::is_doubtful() const {
  return std::any_of(values.begin(), values.end(), [](const auto& value) { return value.second.refused; });
}

all_settings read_settings(const yaml_value& root, const environment& env, problem_log& log) {
  all_settings out;
  out.daemon = read_daemon(root, env, out, log);
  out.streams = read_streams(root, log);
  return out;
}

}  // namespace oes
