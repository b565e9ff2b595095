#pragma once
// A checked question to the data: what the API's SQL would be built from.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/interval.hpp"
#include "model/network.hpp"
#include "model/request.hpp"
#include "simulator/metric_table.hpp"

namespace oes::sim {

enum class query_kind { data, market, facility };

struct series_query {
  query_kind kind = query_kind::data;
  network net = network::nem;
  std::vector<const metric_entry*> metrics;  ///< as asked, duplicates included
  interval_size interval = interval_size::m5;
  network_time start;
  network_time end;  ///< start <= label < end
  primary_grouping primary = primary_grouping::network;
  secondary_grouping secondary = secondary_grouping::none;
  std::string network_region;
  std::vector<std::string> fueltechs;
  std::vector<std::string> fueltech_groups;
  std::vector<std::string> facility_codes;
  std::vector<std::string> unit_codes;
  [[nodiscard]] table from() const { return kind == query_kind::market ? table::market : table::data; }
};

/// Of a filter; one that was not given lets everything through.
inline bool wanted(const std::vector<std::string>& list, std::string_view value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace oes::sim
