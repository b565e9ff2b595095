#pragma once
// Parameters checked in the server's own order and words: first types (422), then rules (400).
#include <optional>
#include <string>
#include <variant>

#include "model/time.hpp"
#include "simulator/plans.hpp"
#include "simulator/query.hpp"
#include "simulator/target.hpp"

namespace oes::sim {

/// 422 body `{"detail":[…]}`.
struct invalid_parameters {
  std::string body;
};
/// 400 with this error text.
struct bad_request {
  std::string text;
};

/// A question whose types are right. Dates are still as asked.
struct typed_query {
  series_query query;  ///< start and end are not set yet
  std::string network_code;
  std::optional<std::string> date_start;
  std::optional<std::string> date_end;
};

std::variant<typed_query, invalid_parameters> check_types(query_kind kind, const std::string& network_code,
                                                          const target& asked);

struct checked_query {
  series_query query;
  bool live = false;  ///< no date_end was given: the newest interval has to be withheld
};

std::variant<checked_query, bad_request> check_rules(const typed_query& typed, plan_code plan, utc_time now);

/// Filters of GET /facilities/.
struct facility_filter {
  std::vector<std::string> codes, statuses, fueltechs, groups, networks;
  std::string region;
};
std::variant<facility_filter, invalid_parameters> check_facility_filter(const target& asked);

}  // namespace oes::sim
