// Streams that are set apart: Kafka refuses their topic, or they ended the process time and again.
#include <algorithm>

#include "report/reporter.hpp"
#include "telemetry/remedy.hpp"

namespace oes {

void reporter::topic_refused(const request_group& group, const std::string& topic, const error& why) {
  log_.warn("Kafka refuses a stream's topic: the stream is set apart, its progress stays; the others go on",
            {{"stream", stream_names(group)},
             {"topic", topic},
             {"reason", why.context},
             {"what_to_do", advice_for_topic(why.context)}});
}

void reporter::topic_not_admitted(const request_group& group, const std::string& topic, const std::string& why) {
  log_.warn(
      "a topic may not be written: its stream is set apart, its progress stays; the others go on",
      {{"stream", stream_names(group)}, {"topic", topic}, {"reason", why}, {"what_to_do", advice_for_topic(why)}});
}

void reporter::topic_goes_on(const request_group& group, const std::string& topic) {
  log_.info("the topic may be written: its stream goes on", {{"stream", stream_names(group)}, {"topic", topic}});
}

void reporter::topic_takes_again(const request_group& group, const std::string& topic) {
  log_.info("Kafka takes the topic's records again: its stream goes on",
            {{"stream", stream_names(group)}, {"topic", topic}});
}

void reporter::apart(const request_group& group, const apart_topics& topics) {
  for (std::size_t i = 0; i < group.members.size(); ++i) {
    auto& status = row(group.members[i]);
    const auto* const refused = why_apart(group, group.members[i], topics);
    if (refused != nullptr) {
      set_state(status, stream_state::set_apart, refused->why);
      status.apart = apart_for::topic_refused;
      status.goes_on = clock_.now() + std::max<std::chrono::microseconds>(refused->next_try - clock_.run(), {});
    } else if (status.state == stream_state::set_apart) {
      set_state(status, stream_state::catching_up, "");
      status.apart = apart_for::nothing;
    }
  }
}

void reporter::set_apart(const request_group& group, const std::string& why, utc_time until) {
  for (const auto& member : group.members) {
    auto& status = row(member);
    set_state(status, stream_state::set_apart, why);
    status.goes_on = until;
    status.apart = apart_for::ended_process;
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
    status.apart = apart_for::nothing;
  }
  log_.info("a stream that was set apart is tried again", {{"stream", stream_names(group)}});
}

}  // namespace oes
