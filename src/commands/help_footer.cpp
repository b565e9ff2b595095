#include "commands/help_footer.hpp"

#include <array>
#include <string_view>

#include "config/settings_table.hpp"

namespace oes {
namespace {

struct line {
  std::string_view name;
  std::string_view meaning;
};

constexpr auto exit_codes = std::to_array<line>({
    {"0", "done, or stopped as asked"},
    {"1", "failed at run time"},
    {"2", "wrong command line"},
    {"70", "something that nobody foresaw"},
    {"75", "another process leads, or holds the lock"},
    {"78", "wrong configuration or topic, or a state on which an operator has to decide"},
});

constexpr auto beside_the_keys = std::to_array<line>({
    {"OPENELECTRICITY_STREAM_CONFIG", "--config"},
    {"OPENELECTRICITY_STREAM_CONFIG_YAML", "a whole configuration file"},
    {"NO_PROXY", "hosts that HTTPS_PROXY is not for"},
    {"NO_COLOR", "no colours on a terminal"},
});

std::string footer_row(std::string_view name, std::string_view meaning, std::size_t width) {
  std::string out = "  " + std::string(name);
  out.append(name.size() < width ? width - name.size() : 1, ' ');
  return out.append(meaning) + "\n";
}

}  // namespace

std::string help_footer() {
  constexpr std::size_t narrow = 4;
  constexpr std::size_t wide = 40;
  std::string out = "Exit codes:\n";
  for (const auto& code : exit_codes) out += footer_row(code.name, code.meaning, narrow);
  out += "\nEnvironment, where the file says nothing:\n";
  for (const auto& key : daemon_key_infos()) {
    for (const auto& variable : key.rules.env) out += footer_row(variable, key.path, wide);
  }
  for (const auto& one : beside_the_keys) out += footer_row(one.name, one.meaning, wide);
  return out;
}

}  // namespace oes
