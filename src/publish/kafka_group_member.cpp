#include "publish/kafka_group_member.hpp"

#include <algorithm>
#include <utility>

#include "async/clock.hpp"
#include "kafka/fault.hpp"
#include "kafka/kafka_conf.hpp"
#include "kafka/watermarks.hpp"
#include "model/fault_point.hpp"
#include "publish/client_properties.hpp"
#include "publish/group_leader.hpp"

namespace oes {
namespace {

using std::chrono::milliseconds;

kafka_error subscribe(rd_kafka_t* client, const std::string& topic) {
  const kafka_partitions wanted(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(wanted.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
  const auto failed = rd_kafka_subscribe(client, wanted.get());
  return kafka_error(failed != RD_KAFKA_RESP_ERR_NO_ERROR ? rd_kafka_error_new(failed, "%s", rd_kafka_err2str(failed))
                                                          : nullptr);
}

constexpr const char* not_ours =
    "; a consumer that is no daemon of this deployment is in the deployment's group: give it another group.id";

/// Errors that neither trying again nor a right that is given cures.
bool member_needs_operator(rd_kafka_resp_err_t code) {
  switch (static_cast<int>(code)) {
    case RD_KAFKA_RESP_ERR_INVALID_SESSION_TIMEOUT:
    case RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL:
      return true;
    default:
      return false;
  }
}

/// The one partition that counts; a mock broker makes topics with more.
bool has_the_partition(const rd_kafka_topic_partition_list_t* partitions) {
  for (int i = 0; i < partitions->cnt; ++i) {
    if (partitions->elems[i].partition == 0) return true;
  }
  return false;
}

}  // namespace

kafka_group_member::kafka_group_member(const publish_settings& settings, logger& log)
    : kafka_client_log(log, "member"), topic_(progress_topic(settings)), group_(settings.deployment) {}

kafka_group_member::~kafka_group_member() = default;

result<std::unique_ptr<kafka_group_member>> kafka_group_member::join(const publish_settings& settings,
                                                                     std::string_view instance, logger& log) {
  auto conf = make_conf(member_properties(settings, instance));
  if (!conf) return conf.error();
  rd_kafka_conf_set_events(conf->get(), RD_KAFKA_EVENT_REBALANCE | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_FETCH);
  std::unique_ptr<kafka_group_member> member(new kafka_group_member(settings, log));
  auto client = start_client(RD_KAFKA_CONSUMER, std::move(*conf), *member);
  if (!client) return client.error();
  member->client_ = std::move(*client);
  rd_kafka_poll_set_consumer(member->client_.get());
  member->queue_.reset(rd_kafka_queue_get_consumer(member->client_.get()));
  const kafka_error failed = subscribe(member->client_.get(), member->topic_);
  if (failed) {
    return fault(errc::kafka_refused,
                 std::string("group ") + member->group_ + ": " + rd_kafka_error_string(failed.get()));
  }
  return member;
}

void kafka_group_member::poll() {
  while (const kafka_event event{rd_kafka_queue_poll(queue_.get(), 0)}) serve(event.get());
}

void kafka_group_member::serve(rd_kafka_event_t* event) {
  switch (rd_kafka_event_type(event)) {
    case RD_KAFKA_EVENT_REBALANCE:
      rebalance(event);
      break;
    case RD_KAFKA_EVENT_ERROR:
      failed(rd_kafka_event_error(event), rd_kafka_event_error_string(event));
      break;
    case RD_KAFKA_EVENT_FETCH:
      while (const rd_kafka_message_t* message = rd_kafka_event_message_next(event))
        failed(message->err, message->err != RD_KAFKA_RESP_ERR_NO_ERROR ? rd_kafka_message_errstr(message) : "");
      break;
    default:
      break;
  }
}

void kafka_group_member::rebalance(rd_kafka_event_t* event) {
  auto* partitions = rd_kafka_event_topic_partition_list(event);
  if (rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    take(partitions);
  } else {
    give_up(partitions);
  }
}

void kafka_group_member::take(rd_kafka_topic_partition_list_t* partitions) {
  for (int i = 0; i < partitions->cnt; ++i) partitions->elems[i].offset = RD_KAFKA_OFFSET_END;
  was_assigned_ = true;
  trouble_.clear();
  const kafka_error failed(rd_kafka_incremental_assign(client_.get(), partitions));
  rd_kafka_pause_partitions(client_.get(), partitions);
  if (has_the_partition(partitions)) {
    holds_ = true;
    ++assignments_;
    news_.push_back({group_news::kind::assigned});
  } else {
    news_.push_back({group_news::kind::placed_elsewhere});
  }
}

void kafka_group_member::give_up(const rd_kafka_topic_partition_list_t* partitions) {
  if (has_the_partition(partitions)) {
    holds_ = false;
    news_.push_back({group_news::kind::revoked,
                     rd_kafka_assignment_lost(client_.get()) != 0
                         ? "the group's coordinator did not hear from this member within the session timeout"
                         : "the group took the progress partition away"});
  }
  const kafka_error failed(rd_kafka_incremental_unassign(client_.get(), partitions));
  fault_point("member.unassigned");  // held here for long enough, the same poll assigns again
}

void kafka_group_member::failed(rd_kafka_resp_err_t code, const char* text) {
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return;
  line(member_needs_operator(code) ? 3 : 4, rd_kafka_err2name(code), text == nullptr ? "" : text);
  if (member_needs_operator(code)) {
    news_.push_back(
        {group_news::kind::refused, "group " + group_ + ", topic " + topic_ + ": " + rd_kafka_err2str(code) +
                                        (code == RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL ? not_ours : "")});
  }
  note(code);
}

void kafka_group_member::note(rd_kafka_resp_err_t code) {
  trouble_ = told(code);
  right_is_missing_ =
      code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED || code == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED;
}

/// A right that is missing is named with what it is missing for.
std::string kafka_group_member::told(rd_kafka_resp_err_t code) const {
  switch (static_cast<int>(code)) {
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
      return "no right to read the progress topic " + topic_ + " (Topic authorization failed)";
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
      return "no right to read the group " + group_ + " (Group authorization failed)";
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
      return "there is no progress topic " + topic_;
    default:
      return "group " + group_ + ": " + reason(code);
  }
}

std::vector<group_news> kafka_group_member::take_news() { return std::exchange(news_, {}); }

membership kafka_group_member::confirm(milliseconds timeout) {
  const auto deadline = steady_now() + timeout;
  std::int64_t high = 0;
  const auto asked = ask_high(client_.get(), topic_, 0, timeout, high);
  if (asked != RD_KAFKA_RESP_ERR_NO_ERROR) {
    note(asked);
    return membership::unknown;
  }
  const kafka_partitions end(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(end.get(), topic_.c_str(), 0)->offset = high;
  const auto asked_as = assignments_;
  const kafka_queue answers(rd_kafka_queue_new(client_.get()));
  if (rd_kafka_commit_queue(client_.get(), end.get(), answers.get(), nullptr, nullptr) != RD_KAFKA_RESP_ERR_NO_ERROR)
    return membership::unknown;
  const auto left = std::max(milliseconds(1), std::chrono::duration_cast<milliseconds>(deadline - steady_now()));
  const kafka_event answer(rd_kafka_queue_poll(answers.get(), static_cast<int>(left.count())));
  poll();
  // Assigned anew since it was asked: the answer is about a membership that is over, and says nothing of this one.
  if (!answer || assignments_ != asked_as) return membership::unknown;
  return judge(rd_kafka_event_error(answer.get()));
}

membership kafka_group_member::judge(rd_kafka_resp_err_t answer) {
  switch (static_cast<int>(answer)) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
      trouble_.clear();
      return holds_ ? membership::ours : membership::lost;
    // The group went on while the question was under way, and this member may hold the partition in its new generation
    // too. That is not told again, so who took this for a loss would wait for ever.
    case RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION:
      return membership::unknown;
    case RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID:
    case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
      holds_ = false;
      return membership::lost;
    default:
      note(answer);
      return membership::unknown;
  }
}

void kafka_group_member::look_again() {
  constexpr auto every = std::chrono::seconds(2);
  constexpr milliseconds patience{200};
  if (trouble_.empty() || right_is_missing_ || steady_now() - looked_ < every) return;
  looked_ = steady_now();
  std::int64_t high = 0;
  const auto asked = ask_high(client_.get(), topic_, 0, patience, high);
  if (asked == RD_KAFKA_RESP_ERR_NO_ERROR) {
    trouble_.clear();
  } else {
    note(asked);
  }
}

std::optional<std::string> kafka_group_member::who_leads() {
  constexpr auto every = std::chrono::seconds(10);
  constexpr auto patience = std::chrono::milliseconds(500);
  if (steady_now() - asked_for_leader_ < every) return std::nullopt;
  asked_for_leader_ = steady_now();
  return group_leader(client_.get(), group_, topic_, patience);
}

bool kafka_group_member::may_be_freed() const {
  constexpr int mended = 0x02020000;
  return was_assigned_ || rd_kafka_version() >= mended;
}

void kafka_group_member::silence_logs() { rd_kafka_set_log_level(client_.get(), 0); }

void kafka_group_member::leave(milliseconds timeout) {
  const auto joined_by = steady_now() + timeout;
  while (!may_be_freed() && steady_now() < joined_by) {
    const kafka_event event(rd_kafka_queue_poll(queue_.get(), 20));
    if (event) serve(event.get());
  }
  const auto deadline = steady_now() + timeout;
  const kafka_error failed(rd_kafka_consumer_close_queue(client_.get(), queue_.get()));
  while (!failed && rd_kafka_consumer_closed(client_.get()) == 0 && steady_now() < deadline) {
    const kafka_event event(rd_kafka_queue_poll(queue_.get(), 20));
    if (event) serve(event.get());
  }
  holds_ = false;
}

}  // namespace oes
