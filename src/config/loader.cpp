#include "config/loader.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "config/checks.hpp"
#include "config/resolved_yaml.hpp"
#include "config/settings_reader.hpp"
#include "config/settings_table.hpp"
#include "config/yaml_document.hpp"

namespace oes {
namespace {

constexpr std::size_t largest_file = 512UL * 1024;

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
  for (const auto& stream : settings.streams) store(stream_keys(), stream.values, config.streams.emplace_back());
  return config;
}

// Empty: it was read.
std::string read_file(const std::string& path, std::string& into) {
  struct stat about {};
  // Opening a pipe would wait for its writer, and a device may have no end.
  if (::stat(path.c_str(), &about) == 0 && !S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode))
    return "not a regular file";
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), &std::fclose);
  if (!file) return std::string("cannot read it: ") + std::strerror(errno);
  into.resize(largest_file + 1);
  into.resize(std::fread(into.data(), 1, into.size(), file.get()));
  if (std::ferror(file.get()) != 0) return std::string("cannot read it: ") + std::strerror(errno);
  return into.size() > largest_file ? "larger than 512 KiB: not a configuration" : "";
}

bool concerns_contact(const config_problem& problem) {
  return problem.level == severity::fault &&
         (problem.key.empty() || problem.key == "progress_path" || problem.key.starts_with("http"));
}

}  // namespace

environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  };
}

loaded_configuration load_configuration(const std::string& path, const environment& env, const check_means& means) {
  if (path.empty()) return parse_configuration("", "", env, means);
  std::string text;
  const auto problem = read_file(path, text);
  if (problem.empty()) return parse_configuration(text, path, env, means);
  loaded_configuration out;
  out.problems.push_back({severity::fault, path, 0, 0, "", problem});
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
  check_budget(subject, log);
  check_wishes(subject, means, log);
  if (means.try_kafka && means.kafka == kafka_need::required) check_kafka(subject, means, log);
  if (!log.has_faults()) {
    out.resolved_yaml = write_resolved_yaml(settings, file_name);
    out.config = std::move(config);
  }
  out.problems = log.take(settings.secrets);
  return out;
}

loaded_contact load_contact(const std::string& path, const environment& env) {
  std::string text;
  const auto unreadable = path.empty() ? std::string() : read_file(path, text);
  if (unreadable.empty()) return parse_contact(text, path, env);
  loaded_contact out;
  out.problems.push_back({severity::fault, path, 0, 0, "", unreadable});
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
  out.telemetry = config.telemetry;
  out.progress_path = std::move(config.progress_path);
  return out;
}

}  // namespace oes
