#pragma once
// A backfill on its way: what its order was, what it has met so far. Shared by the loop and what a refresh adds to it.
#include <map>
#include <optional>
#include <string>

#include "backfill/backfill_context.hpp"
#include "groups/retry_pause.hpp"
#include "progress/operator_reason.hpp"

namespace oes {

/// A window whose answers had nothing of what was published there.
struct left_out_window {
  time_range window;
  int times = 0;  ///< in a row
};

struct backfill_run {
  backfill_order order;
  operator_reason why;
  backfill_context& context;
  retry_state wake;
  window_trouble trouble;
  std::map<member_key, range_set> given_up;  ///< gaps that another run may ask for again
  backfill_news news;
  recollection past;                        ///< what its next chunks are compared with
  std::map<member_key, network_time> ends;  ///< its range ends there at the latest, however long it takes
  left_out_window left_out = {};
};

inline void tell(backfill_run& run) { run.context.tell(run.news); }

}  // namespace oes
