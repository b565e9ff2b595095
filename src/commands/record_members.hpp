#pragma once
// The members of a record as texts, one level deep: what lies deeper is kept as the JSON that it is, however deep.
// Pure.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oes {

struct record_member {
  std::string name;
  std::string text;
  bool is_number = false;
};

class record_members {
 public:
  /// nullopt: it is no JSON object.
  static std::optional<record_members> read(std::string_view record);

  [[nodiscard]] bool has(std::string_view name) const { return find(name) != nullptr; }
  /// Of a text its characters, of a number its digits; null, and what is not there, are empty.
  [[nodiscard]] std::string text(std::string_view name) const;
  [[nodiscard]] const std::vector<record_member>& all() const { return members_; }

 private:
  [[nodiscard]] const std::string* find(std::string_view name) const;

  std::vector<record_member> members_;
};

}  // namespace oes
