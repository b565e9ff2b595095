#include "simulation/world/right_troubles.hpp"

#include <array>
#include <vector>

namespace oes::simulation {
namespace {

constexpr std::array names{"Write data",        "Describe data", "Read data",  "Write progress",
                           "Describe progress", "Read progress", "Read group", "Write transaction"};
constexpr std::array operations{"Write topic ",    "Describe topic ", "Read topic ", "Write topic ",
                                "Describe topic ", "Read topic ",     "Read group ", "Write transaction "};
constexpr const char* deployment = "openelectricity";

}  // namespace

right draw_right(draws& d) { return static_cast<right>(d.of(0, static_cast<int>(names.size()) - 1)); }

std::string describe(right what) { return names[static_cast<std::size_t>(what)]; }

std::set<std::string> denials(const cluster& kafka, right what, std::size_t salt) {
  const std::string operation = operations[static_cast<std::size_t>(what)];
  if (what == right::read_group) return {operation + deployment};
  if (what == right::write_transaction) return {operation + "openelectricity." + deployment};
  const bool of_data = what <= right::read_data;
  std::vector<std::string> topics;
  for (const auto& [name, state] : kafka.topics) {
    if ((name.find(".progress.") == std::string::npos) == of_data) topics.push_back(name);
  }
  if (topics.empty()) return {};
  return {operation + topics[salt % topics.size()]};
}

}  // namespace oes::simulation
