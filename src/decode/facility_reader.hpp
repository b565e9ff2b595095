#pragma once
// The grammar of GET /facilities/ (api.md §1, §12): facilities, and in each its units.
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "decode/json_scanner.hpp"
#include "model/facility.hpp"

namespace oes {

class facility_reader {
 public:
  /// What is wrong with a token; empty: nothing.
  using complaint = std::string_view;

  complaint read(json_token token, std::string_view text);
  /// After the last token.
  complaint finish();
  std::vector<facility_unit> take() { return std::move(units_); }

 private:
  // Depths of what an envelope nests: its members, the facilities, their members, the units, their members.
  static constexpr std::size_t in_envelope = 1, in_data = 2, in_facility = 3, in_part = 4, in_unit = 5;

  void open(json_token token);
  complaint close();
  complaint keep(json_token token, std::string_view text);
  complaint end_unit();
  complaint end_facility();
  [[nodiscard]] std::string* field_for(json_token token);
  [[nodiscard]] bool below(std::size_t depth, std::string_view key) const { return keys_[depth] == key; }
  [[nodiscard]] bool in_list() const { return below(in_envelope, "data"); }

  std::size_t depth_ = 0;
  std::array<std::string, in_unit + 1> keys_;  ///< by depth: the key whose value is being read
  bool has_data_ = false;
  facility_unit facility_;  ///< what the facility at hand says of all its units
  facility_unit unit_;      ///< what the unit at hand says
  std::vector<facility_unit> of_facility_;
  std::vector<facility_unit> units_;
};

}  // namespace oes
