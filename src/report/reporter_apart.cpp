// A stream that ended the process time and again.
#include "report/reporter.hpp"

namespace oes {

void reporter::set_apart(const request_group& group, const std::string& why, utc_time until) {
  for (const auto& member : group.members) {
    auto& status = row(member);
    set_state(status, stream_state::set_apart, why);
    status.goes_on = until;
    numbers_.poisonous(status.stream, status.metric, true);
  }
  log_.error("a stream is set apart, its progress stays; the others go on", {{"stream", stream_names(group)},
                                                                             {"network", code(group.identity.net)},
                                                                             {"dataset", dataset(group.identity.from)},
                                                                             {"until", format_utc_seconds(until)},
                                                                             {"reason", why}});
}

void reporter::tried_again(const request_group& group) {
  for (const auto& member : group.members) {
    auto& status = row(member);
    set_state(status, stream_state::starting, "");
    status.goes_on.reset();
    numbers_.poisonous(status.stream, status.metric, false);
  }
  log_.info("a stream that was set apart is tried again", {{"stream", stream_names(group)}});
}

}  // namespace oes
