#include "commands/commands.hpp"

#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <optional>

#include "app/daemon.hpp"
#include "app/fresh_permit.hpp"
#include "async/clock.hpp"
#include "commands/connect_check.hpp"
#include "commands/dry_run.hpp"
#include "config/folder_check.hpp"
#include "config/loader.hpp"
#include "fetch/base_url.hpp"
#include "fetch/tls.hpp"
#include "publish/settings_trial.hpp"
#include "registry/registry_client.hpp"
#include "telemetry/journal.hpp"
#include "telemetry/line_writer.hpp"
#include "telemetry/log.hpp"

namespace oes {
namespace {

enum class told { all, faults_only };

const char* level_of(const config_problem& problem) { return problem.level == severity::fault ? "error" : "warn"; }

void print_problems(const loaded_configuration& loaded, told what) {
  for (const auto& problem : loaded.problems) {
    if (what == told::all || problem.level == severity::fault)
      std::cerr << told_on_stderr(level_of(problem), describe(problem));
  }
}

// Whoever collects JSON lines gets these as JSON too.
void log_problems(const loaded_configuration& loaded) {
  telemetry_settings settings;
  settings.log_format = loaded.log_format;
  logger log(settings);
  for (const auto& problem : loaded.problems) {
    const log_fields where{
        {"key", problem.key}, {"file", problem.file}, {"line", problem.line}, {"column", problem.column}};
    problem.level == severity::fault ? log.error(problem.message, where) : log.warn(problem.message, where);
  }
}

// A daemon's start waits for no reader of its stderr, as its log does not.
void write_problems(const loaded_configuration& loaded) {
  constexpr auto goodbye = std::chrono::milliseconds(500);
  line_writer lines(STDERR_FILENO, {}, goodbye, [](std::size_t) { return std::string(); });
  const bool journal = reaches_journal(STDERR_FILENO);
  for (const auto& problem : loaded.problems) {
    lines.put(journal ? prefixed_line(level_of(problem), describe(problem)) : describe(problem));
  }
}

check_means means_of_this_machine(kafka_need kafka) {
  check_means means(kafka);
  means.try_kafka = try_kafka_settings;
  means.try_registry = fault_of_registry;
  means.try_url = fault_of_url;
  means.try_ca_file = fault_of_ca_file;
  means.now = time_source().now();
  means.try_folder = look_at_folder;
  return means;
}

// The configuration, or its faults on stderr. Warnings are for who starts or checks, not for who only asks.
std::optional<configuration> load(const config_source& file) {
  auto loaded = load_configuration(file);
  print_problems(loaded, told::faults_only);
  return std::move(loaded.config);
}

// As it is told to who asks from another folder; empty stays empty.
std::string absolute_path(const std::string& file) {
  std::error_code failed;
  const auto path = std::filesystem::absolute(file, failed);
  return file.empty() || failed ? file : path.lexically_normal().string();
}

}  // namespace

std::optional<loaded_contact> contact_in(const config_source& file) {
  auto contact = load_contact(file);
  for (const auto& problem : contact.problems) std::cerr << told_on_stderr(level_of(problem), describe(problem));
  if (!contact.telemetry) return std::nullopt;
  return contact;
}

std::optional<configuration> load_quietly(const config_source& file) {
  return std::move(load_configuration(file).config);
}

std::optional<configuration> load_for_command(const config_source& file) { return load(file); }

exit_code run_streams(const config_source& file, run_kind kind, std::chrono::milliseconds patience) {
  const auto need = kind == run_kind::dry ? kafka_need::not_needed : kafka_need::required;
  auto means = means_of_this_machine(need);
  if (kind == run_kind::dry) means.try_folder = {};  // progress is not touched
  auto means_of_start = means;
  means_of_start.try_registry = {};  // one that cannot be used is away: topics without it are published all the same
  const auto loaded = load_configuration(file, means_of_start);
  loaded.log_format == "json" ? log_problems(loaded) : write_problems(loaded);
  if (!loaded.config) return exit_config;
  if (kind == run_kind::dry) return print_records(*loaded.config, std::cout);
  const auto text = file.file == "<stdin>" ? "on standard input" : "in " + file.file;
  config_origin origin{file.text ? "" : absolute_path(file.file), file.text ? text : "", loaded.values,
                       [file, means] { return load_configuration(file, means); }};
  const auto mode = kind == run_kind::once ? run_mode::once : run_mode::forever;
  return run_daemon(*loaded.config, std::move(origin), mode, patience);
}

exit_code check_config(const config_source& file, check_reach reach) {
  const auto loaded = load_configuration(file, means_of_this_machine(kafka_need::required));
  print_problems(loaded, told::all);
  if (!loaded.config) return exit_config;
  std::cout << "configuration ok: " << loaded.config->streams.size() << " stream(s)\n";
  if (reach == check_reach::connect) return check_connections(*loaded.config, std::cout);
  return exit_ok;
}

exit_code print_config(const config_source& file) {
  const auto loaded = load_configuration(file);
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

exit_code allow_fresh(const config_source& file) {
  const auto contact = contact_in(file);
  if (!contact) return exit_config;
  const auto granted = grant_fresh_permit(contact->progress_path);
  if (!granted) {
    std::cerr << granted.error().context << '\n';
    return exit_failure;
  }
  std::cout << "the next start may begin without progress, once: what was published before is published again\n";
  return exit_ok;
}

}  // namespace oes
