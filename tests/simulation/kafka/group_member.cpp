#include "simulation/kafka/group_member.hpp"

#include <utility>

namespace oes::simulation {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds rejoin_pause{100};
constexpr milliseconds look_again{1000};

}  // namespace

simulated_member::simulated_member(rd_kafka_s& client) : client_(client), group_(client.value_of("group.id", "")) {}

void simulated_member::subscribe(const std::string& topic) {
  topic_ = topic;
  join();
}

void simulated_member::tell(rd_kafka_resp_err_t what, bool with_partition) {
  auto event = std::make_unique<rd_kafka_op_s>();
  event->type = RD_KAFKA_EVENT_REBALANCE;
  event->error = what;
  event->partitions = rd_kafka_topic_partition_list_new(1);
  if (with_partition) rd_kafka_topic_partition_list_add(event->partitions, topic_.c_str(), 0);
  client_.own_events->push_back(std::move(event));
  client_.changed();
}

// Once for a cause, until it is over.
void simulated_member::complain(rd_kafka_resp_err_t why) {
  if (std::exchange(complained_, why) == why || why == RD_KAFKA_RESP_ERR_NO_ERROR) return;
  auto event = std::make_unique<rd_kafka_op_s>();
  event->type = RD_KAFKA_EVENT_ERROR;
  event->error = why;
  event->text = rd_kafka_err2str(why);
  client_.own_events->push_back(std::move(event));
  client_.changed();
}

rd_kafka_resp_err_t simulated_member::why_not() const {
  if (client_.to.refuses("Read group", group_)) return RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED;
  return client_.to.topics.contains(topic_) ? RD_KAFKA_RESP_ERR_NO_ERROR : RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
}

void simulated_member::join() {
  if (closing_) return;
  joining_ = true;
  const auto serial = ++joins_;
  const auto refused = why_not();
  complain(refused);
  if (refused != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return client_.after(look_again, [this, serial] {
      if (serial == joins_ && joining_) join();
    });
  }
  // The answer comes when all have joined, long after the request.
  const auto id = std::make_shared<std::string>(id_);
  auto placed_there = [this, serial, id, there = client_.there()](const group_place& place) {
    if (!*there) return;
    client_.after(client_.to.some_time(milliseconds(1), milliseconds(4)), [this, serial, id, place] {
      if (serial != joins_ || !joining_) return;
      id_ = *id;  // whoever has a place knows its name
      placed(place);
    });
  };
  auto arrives = [id, group = group_, topic = topic_, &to = client_.to, name = client_.value_of("client.id", ""),
                  session = client_.span_of("session.timeout.ms", milliseconds(45'000)), placed_there, serial,
                  newest = newest_arrived_] {
    // What comes by a connection that is closed, after its client has asked anew, would take the place of that: then
    // nobody is told where it is, and librdkafka waits for five minutes, which is longer than a world.
    if (serial < *newest) return;
    *newest = serial;
    *id = to.groups.join(group, *id, name, topic, session, placed_there);
  };
  client_.send(api_join_group, std::move(arrives), [this, id, serial](bool came) {
    if (serial != joins_ || closing_) return;
    id_ = *id;  // KIP-394: it is told before the join counts
    if (came || !joining_) return;
    client_.after(rejoin_pause, [this, serial] {
      if (serial == joins_ && joining_) join();
    });
  });
}

void simulated_member::placed(const group_place& place) {
  joining_ = false;
  if (closing_) return;
  if (place.error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    id_.clear();
    return lose();
  }
  generation_ = place.generation;
  heard_at_ = client_.now();
  lost_ = false;
  ++beats_;
  beat();
  if (!place.holds && has_) {
    revoking_ = true;
    then_ = after_revoke::join_again;
    return tell(RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS, true);
  }
  // Told with an empty list too.
  tell(RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS, place.holds && !has_);
}

void simulated_member::beat() {
  const auto serial = beats_;
  client_.after(client_.span_of("heartbeat.interval.ms", milliseconds(3000)), [this, serial] {
    if (serial != beats_ || closing_) return;
    if (client_.now() - heard_at_ > client_.span_of("session.timeout.ms", milliseconds(45'000))) return lose();
    const auto answer = std::make_shared<rd_kafka_resp_err_t>(RD_KAFKA_RESP_ERR_NO_ERROR);
    auto arrives = [answer, group = group_, id = id_, generation = generation_, &to = client_.to] {
      *answer = to.refuses("Read group", group) ? RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED
                                                : to.groups.heartbeat(group, id, generation);
    };
    client_.send(api_heartbeat, std::move(arrives), [this, answer, serial](bool came) {
      if (came && serial == beats_ && !closing_) heard(*answer);
    });
    beat();
  });
}

void simulated_member::heard(rd_kafka_resp_err_t answer) {
  switch (static_cast<int>(answer)) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
      heard_at_ = client_.now();
      return;
    case RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS:
      heard_at_ = client_.now();
      if (!joining_ && !revoking_) join();
      return;
    default:
      id_.clear();
      lose();
  }
}

void simulated_member::lose() {
  ++beats_;
  ++joins_;
  joining_ = false;
  id_.clear();
  if (!has_) return join();
  lost_ = true;
  then_ = after_revoke::join_again;
  if (!std::exchange(revoking_, true)) tell(RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS, true);
}

void simulated_member::assigned(const rd_kafka_topic_partition_list_t* partitions) {
  if (partitions->cnt > 0) has_ = true;
}

void simulated_member::unassigned(const rd_kafka_topic_partition_list_t* partitions) {
  if (partitions->cnt > 0) has_ = false;
  if (!std::exchange(revoking_, false)) return;
  lost_ = false;
  go_on_after(std::exchange(then_, after_revoke::nothing));
}

void simulated_member::go_on_after(after_revoke what) {
  if (what == after_revoke::join_again) join();
  if (what == after_revoke::leave) leave();
}

// Sent again where the connection breaks, as it was asked.
void simulated_member::commit(std::shared_ptr<event_queue> answer_to, const std::string& id, int generation,
                              int attempts) {
  const auto answer = std::make_shared<rd_kafka_resp_err_t>(RD_KAFKA_RESP_ERR_NO_ERROR);
  auto arrives = [answer, group = group_, topic = topic_, id, generation, &to = client_.to] {
    *answer = to.groups.knows(group, id, generation);
    if (!to.topics.contains(topic)) *answer = RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
    if (to.refuses("Read group", group)) *answer = RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED;
  };
  client_.send(api_offset_commit, std::move(arrives), [this, answer, answer_to, id, generation, attempts](bool came) {
    if (!came && attempts > 1) {
      return client_.after(rejoin_pause, [this, answer_to, id, generation, attempts] {
        commit(answer_to, id, generation, attempts - 1);
      });
    }
    if (came && *answer == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) complain(*answer);
    auto event = std::make_unique<rd_kafka_op_s>();
    event->type = RD_KAFKA_EVENT_OFFSET_COMMIT;
    event->error = came ? *answer : RD_KAFKA_RESP_ERR__TRANSPORT;
    answer_to->push_back(std::move(event));
    client_.changed();
  });
}

void simulated_member::close() {
  closing_ = true;
  ++beats_;
  ++joins_;
  if (!has_) return leave();
  then_ = after_revoke::leave;
  if (!std::exchange(revoking_, true)) tell(RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS, true);
}

void simulated_member::leave() {
  auto arrives = [group = group_, id = id_, &to = client_.to] { to.groups.leave(group, id); };
  client_.send(api_leave_group, std::move(arrives), [this](bool /*came*/) {
    closed_ = true;
    client_.changed();
  });
}

}  // namespace oes::simulation
