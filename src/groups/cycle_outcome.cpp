#include "groups/cycle_outcome.hpp"

#include <utility>

#include "schedule/breaker.hpp"

namespace oes {

bool wants_the_budget(const cycle_outcome& outcome) {
  const auto code = outcome.why.code;
  return outcome.end == cycle_end::failed &&
         (code == errc::limit_reached || code == errc::rate_limited || code == errc::unreachable ||
          code == errc::bad_key || outcome.waits_for_plan);
}

cycle_outcome ended_without(error why) {
  if (why.code == errc::fenced) return {cycle_end::fenced};
  if (why.code == errc::stopped) return {cycle_end::stopped};
  return {cycle_end::failed, std::move(why), {}};
}

bool costs_a_credit(errc code) {
  return code == errc::server_error || code == errc::network_error || code == errc::timed_out ||
         code == errc::malformed || code == errc::too_large;
}

bool is_told_elsewhere(const error& why) {
  const bool never_sent = why.http_status == 0;
  if (never_sent && (why.code == errc::rate_limited || why.code == errc::limit_reached || why.code == errc::bad_key)) {
    return true;
  }
  return trouble_in(why).has_value();
}

bool is_probed_hourly(errc code) { return code == errc::rejected || code == errc::unexpected_labels; }

bool is_stopped_by_api(const cycle_outcome& outcome) {
  return is_probed_hourly(outcome.why.code) && !outcome.live_goes_on && !outcome.waits_for_plan;
}

}  // namespace oes
