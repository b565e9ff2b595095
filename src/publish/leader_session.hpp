#pragma once
// The blocking side of a publisher: membership in the group, the producer of the moment, and when it is replaced.
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "async/clock.hpp"
#include "model/batch.hpp"
#include "model/error.hpp"
#include "publish/deadline.hpp"
#include "publish/kafka_group_member.hpp"
#include "publish/leadership.hpp"
#include "publish/producer.hpp"
#include "publish/publish_settings.hpp"
#include "publish/publisher.hpp"
#include "publish/transact.hpp"
#include "telemetry/log.hpp"

namespace oes {

/// The shell around `leadership`: does what it asks for, tells it what came of it. On the blocking thread only. What
/// concerns a transaction is in leader_session_publish.cpp.
class leader_session {
 public:
  /// `on_lost` is called once per loss of leadership, on the blocking thread.
  leader_session(publish_settings settings, std::string instance, const stop_request& stop,
                 std::function<void()> on_lost, logger& log, std::shared_ptr<producer_watch> watch = {});

  /// One short step towards leading. true: this process is the one writer now. false: not yet, step again soon.
  result<bool> step_to_lead();
  result<commit_receipt> publish(const transaction& txn);
  /// Serves the group; to be called all the time, also while leading and between lead() and lost().
  void tick();
  [[nodiscard]] bool leads() const { return state_.leads(); }
  [[nodiscard]] authority current_authority() const { return state_.current_authority(); }
  /// As publisher::waits_for().
  [[nodiscard]] std::string waits_for() const;
  /// As publisher::renew().
  void renew(property_pairs properties, client_renewal how);
  void resign();
  /// Frees what resign() left behind. With a silent broker that takes seconds (librdkafka waits 5 s for the group's
  /// goodbye), for which nobody has to wait.
  void destroy_later();

 private:
  /// What a step came to: all is done for now, or something is waited for.
  enum class step_result { more, waits };
  enum class readiness { ready, not_yet, not_ours };

  void serve();
  void hear();
  result<step_result> take(leadership::act act);
  result<step_result> join();
  result<step_result> make_producer();
  result<step_result> init_producer();
  step_result ask_group();
  result<readiness> restore(const deadline& until);
  result<commit_receipt> end_failed(error what, std::string_view replaced_for);
  void note_replaced(std::string_view reason) const;
  result<void> ready_for(const transaction& txn);
  result<commit_receipt> after_rehearsal(std::int64_t sequence);
  transaction_end carry(const transaction& txn);
  void note_why_it_waits();
  void drop_producer();
  void lose();
  [[nodiscard]] bool transactional() const { return settings_.delivery == delivery_guarantee::exactly_once; }

  publish_settings settings_;
  std::string instance_;
  const stop_request& stop_;
  std::function<void()> on_lost_;
  logger& log_;
  std::shared_ptr<producer_watch> watch_;  ///< may be empty

  leadership state_;
  std::unique_ptr<kafka_group_member> member_;
  std::unique_ptr<kafka_group_member> departing_;
  std::shared_ptr<producer> producer_;
  bool told_standby_ = false;
  bool placed_elsewhere_ = false;
  bool group_answered_ = false;  ///< since this member joined
  steady_time joined_at_{};
  std::string producer_trouble_;
  std::string trouble_;  ///< the member's or the producer's
  std::optional<steady_time> trouble_since_;
};

}  // namespace oes
