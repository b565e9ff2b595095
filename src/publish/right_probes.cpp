#include "publish/right_probes.hpp"

#include <array>
#include <chrono>
#include <memory>
#include <span>

#include "async/clock.hpp"
#include "kafka/consumer.hpp"
#include "kafka/kafka_client.hpp"
#include "kafka/kafka_conf.hpp"

namespace oes {
namespace {

constexpr int patience_ms = 10'000;
constexpr int step_ms = 100;

right_finding of_topic(const std::string& topic, const char* right) {
  right_finding out;
  out.resource = "topic " + topic;
  out.right = right;
  return out;
}

// A client whose reasons are remembered.
class probe_client final : private kafka_client_log {
 public:
  explicit probe_client(logger& log) : kafka_client_log(log, "check-config") {}
  result<void> start(rd_kafka_type_t type, const kafka_properties& properties) {
    auto conf = make_conf(properties);
    if (!conf) return conf.error();
    if (type == RD_KAFKA_PRODUCER) rd_kafka_conf_set_dr_msg_cb(conf->get(), on_report);
    auto client = start_client(type, std::move(*conf), *this);
    if (!client) return client.error();
    client_ = std::move(*client);
    return {};
  }
  [[nodiscard]] rd_kafka_t* get() const { return client_.get(); }
  using kafka_client_log::reason;

 private:
  static void on_report(rd_kafka_t* /*client*/, const rd_kafka_message_t* message, void* /*opaque*/) {
    *static_cast<rd_kafka_resp_err_t*>(message->_private) = message->err;
  }
  kafka_client client_;
};

void judge(right_finding& finding, rd_kafka_resp_err_t code, rd_kafka_resp_err_t means_yes,
           const probe_client& client) {
  if (code == means_yes) {
    finding.verdict = right_verdict::has;
  } else if (code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
             code == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED) {
    finding.verdict = right_verdict::lacks;
    finding.why = rd_kafka_err2str(code);
  } else {
    finding.why = client.reason(code);
  }
}

kafka_properties producer_probe_properties(const publish_settings& settings) {
  kafka_properties properties{{"socket.timeout.ms", "10000"}};
  properties.insert(properties.end(), settings.properties.begin(), settings.properties.end());
  const kafka_properties ours{{"bootstrap.servers", settings.bootstrap_servers},
                              {"enable.idempotence", "false"},
                              {"acks", "2"},
                              {"retries", "0"},
                              {"linger.ms", "0"},
                              {"message.timeout.ms", std::to_string(patience_ms)}};
  properties.insert(properties.end(), ours.begin(), ours.end());
  return properties;
}

}  // namespace

right_finding probe_write(const publish_settings& settings, const std::string& topic, logger& log) {
  auto finding = of_topic(topic, "Write");
  auto outcome = RD_KAFKA_RESP_ERR__IN_PROGRESS;
  probe_client client(log);
  const auto started = client.start(RD_KAFKA_PRODUCER, producer_probe_properties(settings));
  if (!started) {
    finding.why = started.error().context;
    return finding;
  }
  constexpr std::string_view text = "check-config";
  const auto refused = rd_kafka_producev(
      client.get(), RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_PARTITION(0), RD_KAFKA_V_KEY(text.data(), text.size()),
      RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_VALUE(const_cast<char*>(text.data()), text.size()),
      RD_KAFKA_V_OPAQUE(&outcome), RD_KAFKA_V_END);
  if (refused != RD_KAFKA_RESP_ERR_NO_ERROR) outcome = refused;
  const auto deadline = steady_now() + std::chrono::milliseconds(2 * patience_ms);
  while (outcome == RD_KAFKA_RESP_ERR__IN_PROGRESS && steady_now() < deadline) rd_kafka_poll(client.get(), step_ms);
  judge(finding, outcome, RD_KAFKA_RESP_ERR_INVALID_REQUIRED_ACKS, client);
  // Whatever is still on its way must not call back into this frame.
  if (outcome == RD_KAFKA_RESP_ERR__IN_PROGRESS) {
    rd_kafka_purge(client.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_poll(client.get(), step_ms);
  }
  return finding;
}

right_finding probe_read(const publish_settings& settings, const std::string& topic, logger& log) {
  auto finding = of_topic(topic, "Read");
  probe_client client(log);
  const auto started =
      client.start(RD_KAFKA_CONSUMER, consumer_properties(settings, isolation_level::read_uncommitted));
  if (!started) {
    finding.why = started.error().context;
    return finding;
  }
  const kafka_topic handle(rd_kafka_topic_new(client.get(), topic.c_str(), nullptr));
  if (rd_kafka_consume_start(handle.get(), 0, RD_KAFKA_OFFSET_END) != 0) {
    finding.why = client.reason(rd_kafka_last_error());
    return finding;
  }
  auto outcome = RD_KAFKA_RESP_ERR__TIMED_OUT;
  const kafka_message message(rd_kafka_consume(handle.get(), 0, patience_ms));
  // A record that has come in meanwhile says yes too.
  if (message) outcome = message->err == RD_KAFKA_RESP_ERR_NO_ERROR ? RD_KAFKA_RESP_ERR__PARTITION_EOF : message->err;
  rd_kafka_consume_stop(handle.get(), 0);
  judge(finding, outcome, RD_KAFKA_RESP_ERR__PARTITION_EOF, client);
  return finding;
}

std::vector<right_finding> probe_group(const publish_settings& settings, logger& log) {
  right_finding read;
  read.resource = "group " + settings.deployment;
  read.right = "Read";
  auto describe = read;
  describe.right = "Describe";
  describe.need = right_need::at_times;  // it comes with Read
  probe_client client(log);
  const auto started =
      client.start(RD_KAFKA_CONSUMER, consumer_properties(settings, isolation_level::read_uncommitted));
  if (!started) {
    read.why = describe.why = started.error().context;
    return {read, describe};
  }
  using options_ptr = std::unique_ptr<rd_kafka_AdminOptions_t, kafka_delete<rd_kafka_AdminOptions_destroy>>;
  const options_ptr options(rd_kafka_AdminOptions_new(client.get(), RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS));
  std::array<char, 512> why{};
  rd_kafka_AdminOptions_set_request_timeout(options.get(), patience_ms, why.data(), why.size());
#if RD_KAFKA_VERSION >= 0x02030000
  kafka_error(rd_kafka_AdminOptions_set_include_authorized_operations(options.get(), 1)).reset();
#endif
  const char* group = settings.deployment.c_str();
  const kafka_queue answers(rd_kafka_queue_new(client.get()));
  rd_kafka_DescribeConsumerGroups(client.get(), &group, 1, options.get(), answers.get());
  const kafka_event event(rd_kafka_queue_poll(answers.get(), 2 * patience_ms));
  const auto* answer = event ? rd_kafka_event_DescribeConsumerGroups_result(event.get()) : nullptr;
  std::size_t count = 0;
  const auto** groups = answer != nullptr ? rd_kafka_DescribeConsumerGroups_result_groups(answer, &count) : nullptr;
  if (count != 1) {
    const auto code = event ? rd_kafka_event_error(event.get()) : RD_KAFKA_RESP_ERR__TIMED_OUT;
    judge(describe, code, RD_KAFKA_RESP_ERR_NO_ERROR, client);
    judge(read, code, RD_KAFKA_RESP_ERR__NOOP, client);
    return {read, describe};
  }
  const auto* failed = rd_kafka_ConsumerGroupDescription_error(groups[0]);
  const auto code = failed != nullptr ? rd_kafka_error_code(failed) : RD_KAFKA_RESP_ERR_NO_ERROR;
  judge(describe, code, RD_KAFKA_RESP_ERR_NO_ERROR, client);
  judge(read, code, RD_KAFKA_RESP_ERR__NOOP, client);
  if (read.verdict == right_verdict::lacks || code != RD_KAFKA_RESP_ERR_NO_ERROR) return {read, describe};
  read.why =
      "the broker says no more to librdkafka " + std::string(rd_kafka_version_str()) + " without joining the group";
#if RD_KAFKA_VERSION >= 0x02030000
  std::size_t operations = 0;
  const auto* granted = rd_kafka_ConsumerGroupDescription_authorized_operations(groups[0], &operations);
  if (granted != nullptr) {
    read.verdict = right_verdict::lacks;
    read.why = "the broker does not list it among what this user may do";
    for (const auto one : std::span(granted, operations)) {
      if (one == RD_KAFKA_ACL_OPERATION_READ || one == RD_KAFKA_ACL_OPERATION_ALL) {
        read.verdict = right_verdict::has;
        read.why.clear();
      }
    }
  }
#endif
  return {read, describe};
}

}  // namespace oes
