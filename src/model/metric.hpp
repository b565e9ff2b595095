#pragma once
// Endpoints, metrics and units in one table (api.md §2, §3).
#include <optional>
#include <span>
#include <string_view>

namespace oes {

enum class endpoint { data, market, facility, facilities };

/// "network", "market", "facility", "facilities": the dataset name used in topics and schemas (records.md §3).
std::string_view dataset(endpoint e);

struct metric_info {
  std::string_view name;
  endpoint served_by;       ///< data or market; facility series take the data metrics
  std::string_view unit;    ///< what the API states today; records carry the unit of the answer, not this one
  bool in_replaced_schema;  ///< has a column among the replaced source's 22 (records.md §1)
};

std::span<const metric_info> known_metrics();
std::optional<metric_info> find_metric(std::string_view name);

/// Whether a metric of this name can pass through: its name becomes a column of records, so it is of lower-case
/// letters, digits and `_`, and not the name of another field.
bool may_be_metric(std::string_view name);

}  // namespace oes
