#pragma once
// A request target taken apart: path and query parameters, percent-decoded.
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oes::sim {

struct target {
  std::string path;
  std::string raw_query;
  std::vector<std::pair<std::string, std::string>> parameters;  ///< in order of appearance

  /// All values of a repeated key.
  [[nodiscard]] std::vector<std::string> all(std::string_view key) const;
  /// The last value, which is the one the API takes where it expects one.
  [[nodiscard]] std::optional<std::string> last(std::string_view key) const;
};

target parse_target(std::string_view text);

}  // namespace oes::sim
