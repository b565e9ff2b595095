#include "report/state_after.hpp"

namespace oes {

stream_state state_after(const cycle_outcome& outcome) {
  switch (outcome.end) {
    case cycle_end::more:
      return stream_state::catching_up;
    case cycle_end::nothing_yet:
      return stream_state::waiting;
    case cycle_end::failed:
      if (outcome.why.code == errc::limit_reached || outcome.why.code == errc::rate_limited) {
        return stream_state::limit_reached;
      }
      if (outcome.why.code == errc::bad_key) return stream_state::bad_key;
      return is_stopped_by_api(outcome) ? stream_state::stopped_by_api : stream_state::retrying;
    case cycle_end::idle:
    case cycle_end::published:
    case cycle_end::fenced:
    case cycle_end::stopped:
      return stream_state::live;
  }
  return stream_state::live;
}

}  // namespace oes
