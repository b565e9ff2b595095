// Which configuration a command takes.
#include <doctest/doctest.h>

#include <map>

#include "commands/find_config.hpp"

using namespace oes;

namespace {

environment env_of(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const std::string& name) -> std::optional<std::string> {
    const auto at = values.find(name);
    return at == values.end() ? std::nullopt : std::optional(at->second);
  };
}

constexpr auto usual_place = "/etc/it";

}  // namespace

TEST_CASE("the option goes before the variables, and they before the usual place") {
  const std::map<std::string, std::string> file{{"OPENELECTRICITY_STREAM_CONFIG", "/srv/c.yaml"}};
  const std::map<std::string, std::string> text{{"OPENELECTRICITY_STREAM_CONFIG_YAML", "log: {}"}};
  CHECK(config_named_by("given", env_of(file), usual_place)->file == "given");
  CHECK_FALSE(config_named_by("given", env_of(text), usual_place)->text);
  CHECK(config_named_by("", env_of(file), usual_place)->file == "/srv/c.yaml");
  const auto whole = config_named_by("", env_of(text), usual_place);
  REQUIRE(whole.has_value());
  CHECK(whole->text == "log: {}");
  CHECK(whole->file == "$OPENELECTRICITY_STREAM_CONFIG_YAML");
  CHECK(config_named_by("", env_of({}), usual_place)->file == usual_place);
  CHECK(config_named_by("", env_of({}), "")->file.empty());
}

TEST_CASE("an empty variable is none, and two that contradict each other are refused") {
  const auto empty = env_of({{"OPENELECTRICITY_STREAM_CONFIG", ""}, {"OPENELECTRICITY_STREAM_CONFIG_YAML", ""}});
  CHECK(config_named_by("", empty, usual_place)->file == usual_place);
  const auto both =
      env_of({{"OPENELECTRICITY_STREAM_CONFIG", "/f"}, {"OPENELECTRICITY_STREAM_CONFIG_YAML", "log: {}"}});
  const auto refused = config_named_by("", both, usual_place);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == errc::bad_config);
  CHECK(refused.error().context.find("OPENELECTRICITY_STREAM_CONFIG_YAML are set") != std::string::npos);
  CHECK(config_named_by("/given", both, usual_place)->file == "/given");
}
