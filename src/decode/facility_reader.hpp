#pragma once
// The grammar of GET /facilities/ (api.md §1, §3): facilities, and in each its units.
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "decode/json_scanner.hpp"
#include "model/facility.hpp"

namespace oes {

/// One entry that cannot be used is left out and counted; the rest is a list all the same.
class facility_reader {
 public:
  /// What is wrong with a token; empty: nothing.
  using complaint = std::string_view;
  /// Where a text goes.
  struct target {
    std::string* into = nullptr;  ///< nullptr: nowhere
    bool lesser = false;          ///< it is looked up nowhere: whatever it is, the unit counts
  };

  complaint read(json_token token, std::string_view text);
  /// After the last token.
  complaint finish();
  facility_list take();

 private:
  // Depths of what an envelope nests: its members, the facilities, their members, the units, their members.
  static constexpr std::size_t in_envelope = 1, in_data = 2, in_facility = 3, in_part = 4, in_unit = 5;

  void open(json_token token);
  complaint close();
  complaint keep(json_token token, std::string_view text);
  complaint end_unit();
  complaint end_facility();
  /// Entries of the facility that ends here.
  void leave_out(std::size_t count, std::string because);
  [[nodiscard]] target field_for(json_token token);
  [[nodiscard]] bool below(std::size_t depth, std::string_view key) const { return keys_[depth] == key; }
  [[nodiscard]] bool in_list() const { return below(in_envelope, "data"); }

  std::size_t depth_ = 0;
  std::array<std::string, in_unit + 1> keys_;  ///< by depth: the key whose value is being read
  bool has_data_ = false;
  facility_unit facility_;                   ///< what the facility at hand says of all its units
  facility_unit unit_;                       ///< what the unit at hand says
  std::string facility_fault_, unit_fault_;  ///< what makes the one at hand unusable
  std::vector<facility_unit> of_facility_;
  std::vector<std::string> faults_of_facility_;  ///< of its units that are left out
  std::vector<facility_unit> units_;
  std::size_t kept_bytes_ = 0, seen_units_ = 0;
  std::size_t left_out_ = 0;
  std::string left_out_because_;
  std::set<std::string> left_out_of_;
};

}  // namespace oes
