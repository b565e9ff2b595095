#pragma once
// Which points of an answer are provisional (records.md §1, `provisional`). Pure.
#include "groups/group_state.hpp"
#include "model/answer.hpp"

namespace oes {

/// The newest interval that the server has stored is still being filled: a live query withholds it, one with an
/// explicit end serves it (api.md §5). So a point is provisional where its label is the newest of the whole answer (all
/// metrics and series: a region that lags behind the others has none), and the answer is one to a 5m request with an
/// explicit end that
/// - reached as far as anything could be there when it was planned, or
/// - lacks labels at its end and is younger than `hole_after`: what is missing there has not come yet.
/// All other points are not: a live query would have served them as well, buckets of 1h and more are asked for when
/// they are closed, and a window in the past has no edge. The first label that is provisional; none: the largest.
network_time provisional_from(const time_series_answer& answer, const group_plan& plan, interval_size interval);

}  // namespace oes
