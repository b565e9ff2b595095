#include "simulation/conformance/actor/step.hpp"

#include <sstream>

namespace oes::conformance {

using std::chrono::milliseconds;

std::string step::word(std::size_t index, const std::string& otherwise) const {
  return index < words.size() ? words[index] : otherwise;
}

std::string step::option(const std::string& name, const std::string& otherwise) const {
  const auto found = options.find(name);
  return found == options.end() ? otherwise : found->second;
}

milliseconds step::span(std::size_t index, milliseconds otherwise) const {
  return index < words.size() ? parse_span(words[index]) : otherwise;
}

step parse_step(std::string_view line) {
  std::istringstream words{std::string(line)};
  step out;
  words >> out.verb;
  for (std::string word; words >> word;) {
    const auto equals = word.find('=');
    if (equals == std::string::npos) {
      out.words.push_back(word);
    } else {
      out.options[word.substr(0, equals)] = word.substr(equals + 1);
    }
  }
  return out;
}

milliseconds parse_span(const std::string& text) {
  const auto number = std::stol(text);
  return milliseconds(text.ends_with("ms") ? number : 1000 * number);
}

std::pair<std::string, std::int32_t> parse_place(const std::string& text) {
  const auto slash = text.find('/');
  if (slash == std::string::npos) return {text, -1};
  return {text.substr(0, slash), std::stoi(text.substr(slash + 1))};
}

}  // namespace oes::conformance
