#pragma once
// Leadership: who holds the one partition of the progress topic in group <deployment> may write (guarantee.md §2).
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "async/clock.hpp"
#include "kafka/kafka_client.hpp"
#include "model/error.hpp"
#include "publish/leadership.hpp"
#include "publish/publish_settings.hpp"
#include "telemetry/log.hpp"

namespace oes {

/// What the group has said, in its order: one poll may bring a loss and the next assignment.
struct group_news {
  enum class kind { assigned, revoked, placed_elsewhere, refused };
  kind what = kind::assigned;
  std::string why = {};  ///< of revoked and refused
};

/// On the blocking thread only. Reads no records: its partition is paused as soon as it is assigned.
class kafka_group_member final : private kafka_client_log {
 public:
  static result<std::unique_ptr<kafka_group_member>> join(const publish_settings& settings, std::string_view instance,
                                                          logger& log);
  ~kafka_group_member();
  kafka_group_member(const kafka_group_member&) = delete;
  kafka_group_member& operator=(const kafka_group_member&) = delete;

  using kafka_client_log::hide;

  /// Serves what waits, never blocks.
  void poll();
  /// What poll(), confirm() and leave() have heard since the last call.
  std::vector<group_news> take_news();
  /// What keeps this member from its place in the group, or from asking for it; empty: nothing that is known.
  [[nodiscard]] const std::string& trouble() const { return trouble_; }
  /// Looks whether the trouble is over, where nothing else would tell (a standby is assigned nothing anew); blocks for
  /// a moment.
  void look_again();

  /// The client id of whoever holds the partition, now and then, as the group tells; nullopt: it was not asked, or did
  /// not answer. Blocks for a moment; of use to a standby alone.
  std::optional<std::string> who_leads();

  /// Asks the coordinator whether this member's assignment still stands, by an offset commit, which it checks against
  /// the group's generation. A process that was stopped for long believes in an assignment that others have long had:
  /// only the coordinator can tell, and asked *after* a producer's init its yes means that no later leader was before
  /// us.
  membership confirm(std::chrono::milliseconds timeout);

  [[nodiscard]] rd_kafka_t* client() const { return client_.get(); }

  /// Leaves so that a standby is assigned at once; gives up after `timeout`, or twice that while it is still joining.
  void leave(std::chrono::milliseconds timeout);
  /// librdkafka before 2.2 aborts the process where a consumer is destroyed between its group's answer and its first
  /// assignment (issue 4312): such a one is left alone.
  [[nodiscard]] bool may_be_freed() const;
  /// Stops logging: the logger may be destroyed already.
  void silence_logs();

 private:
  kafka_group_member(const publish_settings& settings, logger& log);
  void serve(rd_kafka_event_t* event);
  void rebalance(rd_kafka_event_t* event);
  void take(rd_kafka_topic_partition_list_t* partitions);
  void give_up(const rd_kafka_topic_partition_list_t* partitions);
  void failed(rd_kafka_resp_err_t code, const char* text);
  membership judge(rd_kafka_resp_err_t answer);
  [[nodiscard]] std::string told(rd_kafka_resp_err_t code) const;
  void note(rd_kafka_resp_err_t code);

  std::string topic_;
  std::string group_;
  kafka_client client_;
  kafka_queue queue_;
  bool holds_ = false;
  std::int64_t assignments_ = 0;  ///< of the partition, so far
  bool was_assigned_ = false;     ///< something, or nothing, but by the group
  std::vector<group_news> news_;
  std::string trouble_;
  bool right_is_missing_ = false;  ///< told once; only being assigned, or confirmed, shows that it is there
  steady_time looked_;
  steady_time asked_for_leader_;
};

}  // namespace oes
