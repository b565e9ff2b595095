#pragma once
// The members of a record as texts, one level deep: what lies deeper is kept as the JSON that it is, however deep.
// Pure.
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oes {

class record_members {
 public:
  /// nullopt: it is no JSON object.
  static std::optional<record_members> read(std::string_view record);

  [[nodiscard]] bool has(std::string_view name) const { return find(name) != nullptr; }
  /// Of a text its characters, of a number its digits; null, and what is not there, are empty.
  [[nodiscard]] std::string text(std::string_view name) const;

 private:
  [[nodiscard]] const std::string* find(std::string_view name) const;

  std::vector<std::pair<std::string, std::string>> members_;
};

}  // namespace oes
