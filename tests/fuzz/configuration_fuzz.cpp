// A configuration file: faults with a place and a word, or a configuration whose resolved text is one again.
// Links: model config
#include "config/loader.hpp"
#include "fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace oes;
  using fuzz::require;
  const auto yaml = fuzz::text_of(data, size);
  const environment env = [](const std::string& name) -> std::optional<std::string> {
    if (name == "KAFKA_BOOTSTRAP_SERVERS") return "broker:9092";
    return std::nullopt;
  };
  const auto loaded = parse_configuration(yaml, "f.yaml", env);
  bool faulty = false;
  for (const auto& problem : loaded.problems) {
    require(!problem.message.empty());
    static_cast<void>(describe(problem));
    faulty = faulty || problem.level == severity::fault;
  }
  require(loaded.config.has_value() != faulty);
  static_cast<void>(parse_contact(yaml, "f.yaml", env));
  return 0;
}
