#pragma once
// Series to JSON, as the API writes them, and to the served log's form in the same pass.
#include <string>
#include <vector>

#include "model/time.hpp"
#include "simulator/aggregation.hpp"
#include "simulator/query.hpp"

namespace oes::sim {

struct rendered {
  std::string body;
  std::string blocks;  ///< JSON array for the served log (see served_log.hpp); empty unless asked for
};

/// `all` is not empty. Series come out in the order given.
rendered render_series(const series_query& query, const std::vector<grouped_series>& all, utc_time now,
                       bool with_blocks);

}  // namespace oes::sim
