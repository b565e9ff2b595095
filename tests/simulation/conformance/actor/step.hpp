#pragma once
// One line of a script: who does what (README.md beside). Pure.
#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oes::conformance {

struct step {
  std::string verb;
  std::vector<std::string> words;              ///< behind the verb
  std::map<std::string, std::string> options;  ///< name=value

  [[nodiscard]] std::string word(std::size_t index, const std::string& otherwise = "") const;
  [[nodiscard]] std::string option(const std::string& name, const std::string& otherwise) const;
  [[nodiscard]] std::chrono::milliseconds span(std::size_t index, std::chrono::milliseconds otherwise) const;
};

step parse_step(std::string_view line);
/// "500ms", "2s".
std::chrono::milliseconds parse_span(const std::string& text);
/// "topic/partition"; without a partition: -1.
std::pair<std::string, std::int32_t> parse_place(const std::string& text);

}  // namespace oes::conformance
