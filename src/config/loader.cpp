#include "config/loader.hpp"

#include <algorithm>
#include <cstdlib>

#include "config/checks.hpp"
#include "config/config_file.hpp"
#include "config/resolved_yaml.hpp"
#include "config/secret_file.hpp"
#include "config/settings_reader.hpp"
#include "config/settings_table.hpp"
#include "config/yaml_document.hpp"

namespace oes {
namespace {

template <class Target>
void store(const std::vector<key_row<Target>>& rows, const setting_map& settings, Target& into) {
  for (const auto& row : rows) {
    const auto& s = settings.at(std::string(row.info.path));
    if (s.is_set()) row.store(into, s.value);
  }
}

configuration build(const all_settings& settings) {
  configuration config;
  store(daemon_keys(), settings.daemon, config);
  if (config.fetch.proxy) {
    const bool by_variable = settings.daemon.at("api.proxy").origin == setting_origin::from_environment;
    config.fetch.proxy->named_by = by_variable ? "HTTPS_PROXY" : "api.proxy";
  }
  if (auto proxy = parse_proxy_address(settings.registry_proxy); proxy && !settings.registry_proxy.empty()) {
    config.registry.proxy = std::move(*proxy);
  }
  for (const auto& stream : settings.streams) store(stream_keys(), stream.values, config.streams.emplace_back());
  return config;
}

// What a source says; empty where there is no file.
result<std::string> text_of(const config_source& source) {
  if (source.text) return *source.text;
  if (source.file.empty()) return std::string();
  return read_config_file(source.file);
}

config_problem unreadable(const config_source& source, const std::string& why) {
  return {severity::fault, source.file, 0, 0, "", why};
}

key_values values_of(const setting_map& settings) {
  key_values out;
  for (const auto& [path, one] : settings) out.emplace(path, one.value);
  return out;
}

config_values values_of(const all_settings& settings) {
  config_values out;
  out.files = settings.files;
  out.daemon = values_of(settings.daemon);
  for (const std::string path : {"api.ca_file", "schema_registry.ca_file"}) {
    const auto& ca = settings.daemon.at(path);
    if (ca.is_set()) out.daemon.emplace(path + " (content)", read_secret_file(as<std::string>(ca.value)).text);
  }
  for (const auto& [name, file] : as<property_list>(settings.daemon.at("kafka.properties").value)) {
    if (name.ends_with(".location")) {
      out.daemon.emplace("kafka.properties." + name + " (content)", read_secret_file(file).text);
    }
  }
  for (const auto& stream : settings.streams) out.streams.push_back(values_of(stream.values));
  return out;
}

bool is_of_contact(std::string_view path) { return path == "progress_path" || path.starts_with("http"); }

// A fault of a variable is told under the variable's name.
bool concerns_contact(const config_problem& problem) {
  if (problem.level != severity::fault) return false;
  if (problem.key.empty() || is_of_contact(problem.key)) return true;
  const auto& keys = daemon_key_infos();
  return std::any_of(keys.begin(), keys.end(), [&problem](const key_info& info) {
    const auto& names = info.rules.env;
    return is_of_contact(info.path) && std::find(names.begin(), names.end(), problem.key) != names.end();
  });
}

}  // namespace

environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  };
}

loaded_configuration load_configuration(const config_source& source, const check_means& means) {
  const auto text = text_of(source);
  loaded_configuration out;
  if (text) {
    out = parse_configuration(*text, source.file, source.env, means);
  } else {
    out.problems.push_back(unreadable(source, text.error().context));
  }
  out.problems.insert(out.problems.begin(), source.warnings.begin(), source.warnings.end());
  return out;
}

loaded_configuration parse_configuration(std::string_view yaml, const std::string& file_name, const environment& env,
                                         const check_means& means) {
  problem_log log(file_name);
  loaded_configuration out;
  const auto root = parse_yaml(yaml, env, log);
  if (!root) {
    out.problems = log.take({});
    return out;
  }
  const auto settings = read_settings(*root, env, log);
  auto config = build(settings);
  const check_subject subject{config, settings};
  out.log_format = config.telemetry.log_format;
  check_daemon(subject, means.kafka, log);
  check_streams(subject, log);
  check_facilities(subject, log);
  check_topics(subject, log);
  check_topic_wishes(subject, log);
  check_formats(subject, means, log);
  check_budget(subject, log);
  check_wishes(subject, means, log);
  if (means.try_kafka && means.kafka == kafka_need::required) check_kafka(subject, means, log);
  if (!log.has_faults()) {
    out.values = values_of(settings);
    out.resolved_yaml = write_resolved_yaml(settings, file_name);
    out.config = std::move(config);
  }
  out.problems = log.take(settings.secrets);
  return out;
}

loaded_contact load_contact(const config_source& source) {
  const auto text = text_of(source);
  if (text) return parse_contact(*text, source.file, source.env);
  loaded_contact out;
  out.problems.push_back(unreadable(source, text.error().context));
  return out;
}

loaded_contact parse_contact(std::string_view yaml, const std::string& file_name, const environment& env) {
  problem_log log(file_name);
  loaded_contact out;
  const auto root = parse_yaml(yaml, env, log);
  const auto settings = root ? read_settings(*root, env, log) : all_settings();
  for (auto& problem : log.take(settings.secrets)) {
    if (!root || concerns_contact(problem)) out.problems.push_back(std::move(problem));
  }
  if (!root || !out.problems.empty()) return out;
  auto config = build(settings);
  const auto& named = settings.daemon.at("deployment");
  if (named.origin != setting_origin::by_default && !named.refused) out.deployment = config.publish.deployment;
  out.telemetry = config.telemetry;
  out.progress_path = std::move(config.progress_path);
  return out;
}

}  // namespace oes
