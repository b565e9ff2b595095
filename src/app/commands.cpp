#include "app/commands.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>

#include "app/daemon.hpp"
#include "app/dry_run.hpp"
#include "app/fresh_permit.hpp"
#include "app/status_client.hpp"
#include "config/loader.hpp"
#include "progress/progress_file.hpp"

namespace oes {
namespace {

constexpr auto default_file = "/etc/openelectricity-stream/openelectricity-stream.yaml";

void print_problems(const loaded_configuration& loaded) {
  for (const auto& problem : loaded.problems) std::cerr << describe(problem) << '\n';
}

// The configuration, or its problems on stderr.
std::optional<configuration> load(const std::string& file) {
  auto loaded = load_configuration(file, process_environment());
  print_problems(loaded);
  return std::move(loaded.config);
}

}  // namespace

std::string config_file(const std::string& given) {
  if (!given.empty()) return given;
  if (const auto named = process_environment()("OPENELECTRICITY_STREAM_CONFIG")) return *named;
  std::error_code failed;
  return std::filesystem::exists(default_file, failed) ? default_file : "";
}

exit_code run_streams(const std::string& file, bool dry_run, bool once) {
  const auto config = load(file);
  if (!config) return exit_config;
  if (dry_run) return print_records(*config, std::cout);
  return run_daemon(*config, once ? run_mode::once : run_mode::forever);
}

exit_code check_config(const std::string& file) {
  const auto loaded = load_configuration(file, process_environment());
  print_problems(loaded);
  if (!loaded.config) return exit_config;
  std::cout << "configuration ok: " << loaded.config->streams.size() << " stream(s)\n";
  return exit_ok;
}

exit_code print_config(const std::string& file) {
  const auto loaded = load_configuration(file, process_environment());
  print_problems(loaded);
  std::cout << loaded.resolved_yaml;
  return loaded.config ? exit_ok : exit_config;
}

exit_code show_schema(schema_format format, bool replaced_only) {
  std::cout << print_schema(format, replaced_only);
  return exit_ok;
}

exit_code show_status(const std::string& file, bool json) {
  const auto config = load(file);
  if (!config) return exit_config;
  const auto running = ask_daemon(config->telemetry, "/status.json");
  if (running && json) {
    std::cout << running->body << '\n';
    return exit_ok;
  }
  if (running) {
    std::cout << status_as_text(running->body);
    return exit_ok;
  }
  std::cerr << "no daemon answers on " << config->telemetry.http_address << ':' << config->telemetry.http_port
            << "; showing progress.json\n";
  return show_progress(file);
}

exit_code check_health(const std::string& file) {
  const auto config = load(file);
  if (!config) return exit_config;
  const auto health = ask_daemon(config->telemetry, "/healthz");
  if (health && health->status == 200) return exit_ok;
  std::cerr << (health ? health->body : health.error().context) << '\n';
  return exit_failure;
}

exit_code show_progress(const std::string& file) {
  const auto config = load(file);
  if (!config) return exit_config;
  const auto found = read_progress_file(config->progress_path);
  if (!found) {
    std::cerr << found.error().context << '\n';
    return exit_failure;
  }
  if (!found->damage.empty()) std::cerr << found->damage << '\n';
  if (!found->snapshot) {
    std::cerr << "no progress under " << config->progress_path << '\n';
    return exit_failure;
  }
  const auto name = found->from_previous ? "progress.json.prev" : "progress.json";
  std::ifstream text(std::filesystem::path(config->progress_path) / name);
  std::cout << text.rdbuf();
  return exit_ok;
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
