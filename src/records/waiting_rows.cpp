#include "records/waiting_rows.hpp"

#include <algorithm>

#include "records/left_out_columns.hpp"
#include "records/value_hash.hpp"

namespace oes {
namespace {

column_set usual_columns(const series& one, const ledger& published, column_set own) {
  const auto id = published.find(one.labels);
  const auto newest = id ? published.newest(*id) : ledger::entry{};
  return newest.published() ? columns_of(newest.value_hash, own) : all_columns;
}

}  // namespace

network_time first_waiting(const series& one, const ledger& published, network_time after, column_set own) {
  if (one.lacks.empty() || one.lacks.back().label <= after) return network_time::max();
  const auto usual = usual_columns(one, published, own);
  left_out_columns missing(one, after);
  const auto first = std::upper_bound(one.points.begin(), one.points.end(), after,
                                      [](network_time t, const point& p) { return t < p.label; });
  const auto waits = std::find_if(first, one.points.end(),
                                  [&](const point& p) { return !p.is_null() && (missing.at(p.label) & usual) != 0; });
  return waits == one.points.end() ? network_time::max() : waits->label;
}

}  // namespace oes
