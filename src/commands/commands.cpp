#include "commands/commands.hpp"

#include <filesystem>
#include <iostream>
#include <optional>

#include "app/daemon.hpp"
#include "app/fresh_permit.hpp"
#include "commands/dry_run.hpp"
#include "commands/progress_commands.hpp"
#include "commands/status_client.hpp"
#include "config/loader.hpp"

namespace oes {
namespace {

constexpr auto default_file = "/etc/openelectricity-stream/openelectricity-stream.yaml";

enum class told { all, faults_only };

void print_problems(const loaded_configuration& loaded, told what) {
  for (const auto& problem : loaded.problems) {
    if (what == told::all || problem.level == severity::fault) std::cerr << describe(problem) << '\n';
  }
}

// The configuration, or its faults on stderr. Warnings are for who starts or checks, not for who only asks.
std::optional<configuration> load(const std::string& file, told what = told::faults_only,
                                  kafka_need kafka = kafka_need::required) {
  auto loaded = load_configuration(file, process_environment(), kafka);
  print_problems(loaded, what);
  return std::move(loaded.config);
}

}  // namespace

std::optional<loaded_contact> contact_in(const std::string& file) {
  auto contact = load_contact(file, process_environment());
  for (const auto& problem : contact.problems) std::cerr << describe(problem) << '\n';
  if (!contact.telemetry) return std::nullopt;
  return contact;
}

std::optional<configuration> load_quietly(const std::string& file) {
  return std::move(load_configuration(file, process_environment()).config);
}

std::optional<configuration> load_for_command(const std::string& file) { return load(file); }

std::string config_file(const std::string& given) {
  if (!given.empty()) return given;
  if (const auto named = process_environment()("OPENELECTRICITY_STREAM_CONFIG")) return *named;
  std::error_code failed;
  return std::filesystem::exists(default_file, failed) ? default_file : "";
}

exit_code run_streams(const std::string& file, bool dry_run, bool once) {
  const auto config = load(file, told::all, dry_run ? kafka_need::not_needed : kafka_need::required);
  if (!config) return exit_config;
  if (dry_run) return print_records(*config, std::cout);
  return run_daemon(*config, once ? run_mode::once : run_mode::forever);
}

exit_code check_config(const std::string& file) {
  const auto config = load(file, told::all);
  if (!config) return exit_config;
  std::cout << "configuration ok: " << config->streams.size() << " stream(s)\n";
  return exit_ok;
}

exit_code print_config(const std::string& file) {
  const auto loaded = load_configuration(file, process_environment());
  print_problems(loaded, told::all);
  std::cout << loaded.resolved_yaml;
  return loaded.config ? exit_ok : exit_config;
}

exit_code show_schema(schema_format format, bool replaced_only) {
  std::cout << print_schema(format, replaced_only);
  return exit_ok;
}

exit_code show_facility_list_schema(schema_format format) {
  std::cout << print_facility_list_schema(format);
  return exit_ok;
}

exit_code show_status(const std::string& file, bool json) {
  const auto contact = contact_in(file);
  if (!contact) return exit_config;
  const auto running = ask_daemon(*contact->telemetry, "/status.json");
  if (running && json) {
    std::cout << running->body << '\n';
    return exit_ok;
  }
  if (running) {
    std::cout << status_as_text(running->body);
    return exit_ok;
  }
  std::cerr << "no daemon answers on " << contact->telemetry->http_address << ':' << contact->telemetry->http_port
            << "; showing progress\n";
  return show_progress(file, json);
}

exit_code check_health(const std::string& file) {
  const auto contact = contact_in(file);
  if (!contact) return exit_config;
  const auto health = ask_daemon(*contact->telemetry, "/healthz");
  if (health && health->status == 200) return exit_ok;
  std::cerr << (health ? health->body : health.error().context) << '\n';
  return exit_failure;
}

exit_code allow_fresh(const std::string& file) {
  const auto config = load(file);
  if (!config) return exit_config;
  const auto granted = grant_fresh_permit(config->progress_path);
  if (!granted) {
    std::cerr << granted.error().context << '\n';
    return exit_failure;
  }
  std::cout << "the next start may begin without progress, once: what was published before is published again\n";
  return exit_ok;
}

}  // namespace oes
