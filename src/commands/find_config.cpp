#include "commands/find_config.hpp"

#include <filesystem>
#include <utility>

#include "config/config_file.hpp"
#include "config/env_file.hpp"

namespace oes {
namespace {

constexpr auto usual_place = "/etc/openelectricity-stream/openelectricity-stream.yaml";

// Orchestrators hand an unset value on as an empty one.
std::string value_of(const environment& env, const char* name) { return env(name).value_or(""); }

}  // namespace

result<config_source> config_named_by(const std::string& given, environment env, const std::string& place) {
  const auto file = value_of(env, "OPENELECTRICITY_STREAM_CONFIG");
  auto text = value_of(env, "OPENELECTRICITY_STREAM_CONFIG_YAML");
  if (given == "-") {
    auto input = read_config_input();
    if (!input) return error{errc::bad_config, "<stdin>: error: " + input.error().context};
    return config_source{"<stdin>", std::move(env), std::move(*input)};
  }
  if (!given.empty()) return config_source{given, std::move(env)};
  if (!file.empty() && !text.empty()) {
    return error{
        errc::bad_config,
        "error: both OPENELECTRICITY_STREAM_CONFIG and OPENELECTRICITY_STREAM_CONFIG_YAML are set: unset one of "
        "the two, or name a file by --config"};
  }
  if (!file.empty()) return config_source{file, std::move(env)};
  if (!text.empty()) return config_source{"$OPENELECTRICITY_STREAM_CONFIG_YAML", std::move(env), std::move(text)};
  return config_source{place, std::move(env)};
}

result<config_source> find_config(const std::string& given, const std::string& env_file) {
  environment_file read{process_environment(), {}};
  if (!env_file.empty()) {
    auto with_file = with_env_file(env_file, std::move(read.env));
    if (!with_file) return with_file.error();
    read = std::move(*with_file);
  }
  std::error_code failed;
  const bool there = std::filesystem::exists(usual_place, failed);
  auto found = config_named_by(given, std::move(read.env), there ? usual_place : "");
  if (found) found->warnings = std::move(read.left_out);
  return found;
}

}  // namespace oes
