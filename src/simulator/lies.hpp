#pragma once
// What an API that does not tell the truth makes of a good answer. The served log keeps the truth: what was added to
// the answer is not in it, what was left out is not in it either.
#include <chrono>
#include <cstdint>
#include <vector>

#include "simulator/aggregation.hpp"
#include "simulator/faults.hpp"
#include "simulator/query.hpp"

namespace oes::sim {

struct lie {
  fault_kind kind = fault_kind::ahead;
  std::chrono::seconds by{0};  ///< ahead, early: how far outside of what was asked
  std::uint64_t salt = 0;      ///< draws which series and points it is about
};

struct told_story {
  series_query query;                   ///< of both; with fewer metrics than asked where one is left out
  std::vector<grouped_series> told;     ///< what the answer says
  std::vector<grouped_series> truth;    ///< what it should say of the series and points that it does not leave out
  std::vector<grouped_series> doubted;  ///< nobody can know them for a lie: a client may believe them
};

/// `all` is not empty; each list but `doubted` keeps at least one point. Where the lie does not fit (the only metric
/// left out, say) the story is true.
told_story tell(const lie& l, const series_query& query, std::vector<grouped_series> all, network_time now);

}  // namespace oes::sim
