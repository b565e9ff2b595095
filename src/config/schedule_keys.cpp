// retry.*, schedule.*
#include "config/key_rows.hpp"

namespace oes {

using namespace key_value;

void add_schedule_rows(daemon_rows& rows) {
  rows.push_back({{"retry.base",
                   kind::duration,
                   "2s",
                   "First wait after a failure; it doubles, with full jitter.",
                   {.lowest = 1, .highest = hour}},
                  [](target& c, const setting_value& v) { c.schedule.retry.base = span(v); }});
  rows.push_back(
      {{"retry.cap", kind::duration, "5m", "Longest wait after a failure.", {.lowest = 1, .highest = 24 * hour}},
       [](target& c, const setting_value& v) { c.schedule.retry.cap = span(v); }});
  rows.push_back({{"retry.limit_base",
                   kind::duration,
                   "2m",
                   "First wait when the API refuses a key that has worked: a spent limit looks like that.",
                   {.lowest = 1, .highest = 24 * hour}},
                  [](target& c, const setting_value& v) { c.schedule.limit.base = span(v); }});
  rows.push_back(
      {{"retry.limit_cap", kind::duration, "1h", "Longest wait of that kind.", {.lowest = 1, .highest = 24 * hour}},
       [](target& c, const setting_value& v) { c.schedule.limit.cap = span(v); }});
  rows.push_back({{"retry.probe_rejected",
                   kind::duration,
                   "1h",
                   "How often a request that the API rejects as wrong, or a key it never accepted, is tried again.",
                   {.lowest = second, .highest = 7 * 24 * hour}},
                  [](target& c, const setting_value& v) { c.schedule.probe_rejected = whole(v); }});
  rows.push_back({{"schedule.trigger_offset",
                   kind::duration,
                   "70s",
                   "Polls start this long after the full interval: the API needs about that long.",
                   {.lowest = 0, .highest = hour}},
                  [](target& c, const setting_value& v) { c.schedule.trigger_offset = whole(v); }});
  rows.push_back({{"schedule.trigger_jitter",
                   kind::duration,
                   "10s",
                   "Random part of a poll's time, so that many daemons do not ask at once.",
                   {.lowest = 0, .highest = hour}},
                  [](target& c, const setting_value& v) { c.schedule.trigger_jitter = whole(v); }});
  rows.push_back(
      {{"schedule.learn_arrivals", kind::flag, "true",
        "Place polls of 5m streams where new data was seen to appear; false: at the trigger and its offset."},
       [](target& c, const setting_value& v) { c.schedule.learn_arrivals = as<bool>(v); }});
  rows.push_back({{"schedule.hole_after",
                   kind::duration,
                   "1h",
                   "A window still without rows this long after its end is probed past and noted as a gap.",
                   {.lowest = minute, .highest = 30 * 24 * hour}},
                  [](target& c, const setting_value& v) { c.schedule.hole_after = whole(v); }});
  rows.push_back({{"schedule.gap_retry",
                   kind::duration,
                   "1d",
                   "How often gaps older than what is re-read are asked for again.",
                   {.lowest = minute, .highest = 30 * 24 * hour}},
                  [](target& c, const setting_value& v) { c.schedule.gap_retry = whole(v); }});
  rows.push_back({{"schedule.gap_give_up",
                   kind::duration,
                   "30d",
                   "Gaps whose data is older than this are not asked for again, and recorded as given up.",
                   {.lowest = hour, .highest = 3650 * 24 * hour}},
                  [](target& c, const setting_value& v) { c.schedule.gap_give_up = whole(v); }});
}

}  // namespace oes
