#pragma once
// What a series' labels say, by the fields of records (records.md §1).
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "model/answer.hpp"

namespace oes {

/// Borrows the labels.
struct series_fields {
  std::optional<std::string_view> fueltech_group;  ///< of the fueltech where the labels have none
  std::optional<std::string_view> network_region;
  std::optional<std::string_view> unit_code;
  std::optional<std::string_view> fueltech;
  std::optional<std::string_view> status;
  std::optional<std::string_view> facility_code;
  std::optional<std::string_view> renewable;  ///< `true` or `false`
  std::vector<std::pair<std::string_view, std::string_view>> extra;
};

series_fields fields_of(const series_labels& labels);

}  // namespace oes
