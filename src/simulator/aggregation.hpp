#pragma once
// The data's answer to a query at one instant: rows summed per label, labels folded into buckets (as the API's SQL
// does).
#include <string>
#include <vector>

#include "model/time.hpp"
#include "simulator/query.hpp"
#include "simulator/realism.hpp"
#include "simulator/world.hpp"

namespace oes::sim {

/// What a series is labelled with. `renewable` is 't', 'f' or 0 for absent.
struct group_labels {
  std::string region;
  std::string fueltech;
  std::string fueltech_group;
  std::string status;
  std::string unit_code;
  char renewable = 0;
};

struct grouped_series {
  std::string key;  ///< what follows the metric in the API's `name`, e.g. `NSW1|wind`; `total` without labels
  group_labels labels;
  std::vector<network_time> at;  ///< ascending; equal labels possible where the API merges units
  std::vector<double> values;    ///< point-major: values[point * metrics + metric]; NaN is null
};

/// Series with at least one row in the range, interior gaps filled with nulls. Empty: the API answers 404.
std::vector<grouped_series> run_query(const world& w, const realism& how, const series_query& query, utc_time now);

/// Newest label with a row at `now` within seven days, as far as the network's tables tell; start of time if none.
network_time newest_label(const world& w, const realism& how, table from, network net, utc_time now);

/// The table's rows that belong to a query's network.
bool in_network(const cell& c, network asked);
bool in_network(const region_info& r, network asked);
row_group group_of(const cell& c);
row_group group_of(const region_info& r);

}  // namespace oes::sim
