#pragma once
// Wording of the API's 422 answers (FastAPI's `detail` list).
#include <string>
#include <string_view>
#include <vector>

namespace oes::sim {

class parameter_errors {
 public:
  void missing(std::string_view name);
  /// `index` >= 0 for an element of a list.
  void not_in_enumeration(std::string_view name, int index, std::string_view input,
                          const std::vector<std::string_view>& allowed);
  void bad_date(std::string_view name, std::string_view input, std::string_view reason);
  void too_long(std::string_view name, const std::vector<std::string>& input, std::size_t most);

  [[nodiscard]] bool empty() const { return items_.empty(); }
  /// `{"detail":[…]}`
  [[nodiscard]] std::string body() const { return "{\"detail\":[" + items_ + "]}"; }

 private:
  void add(std::string_view item);
  std::string items_;
};

}  // namespace oes::sim
