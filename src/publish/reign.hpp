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
#include "publish/kafka_group_member.hpp"
#include "publish/patience.hpp"
#include "publish/producer.hpp"
#include "publish/publish_settings.hpp"
#include "publish/transact.hpp"
#include "telemetry/log.hpp"

namespace oes {

/// On the blocking thread only.
class reign {
 public:
  /// `on_lost` is called once per reign, on the blocking thread, with a line for the log.
  reign(publish_settings settings, std::string instance, const stop_request& stop, std::function<void()> on_lost,
        logger& log);

  /// One short step towards leading. true: this process is the one writer now. false: not yet, step again soon.
  result<bool> step_to_lead();
  result<commit_receipt> publish(const transaction& txn);
  /// Serves the group; to be called all the time, also while leading and between lead() and lost().
  void tick();
  [[nodiscard]] bool leads() const { return leads_; }
  /// As publisher::waits_for().
  [[nodiscard]] std::string waits_for() const;
  void resign();
  /// Frees what resign() left behind. With a silent broker that takes seconds (librdkafka waits 5 s for the group's
  /// goodbye), for which nobody has to wait.
  void bury();

 private:
  enum class readiness { ready, not_yet, not_ours };

  result<readiness> step_to_producer();
  result<readiness> confirmed();
  result<readiness> restore(const patience& until);
  result<commit_receipt> settle_failure(error what);
  result<commit_receipt> after_rehearsal(std::int64_t sequence);
  transaction_end carry(const transaction& txn);
  [[nodiscard]] bool producer_is_stale() const;
  [[nodiscard]] result<bool> standby_is_an_error() const;
  void replace_later(const std::string& why);
  void note_trouble();
  void drop_producer();
  void lose(const std::string& why);
  [[nodiscard]] bool transactional() const { return settings_.delivery == delivery_guarantee::exactly_once; }

  publish_settings settings_;
  std::string instance_;
  const stop_request& stop_;
  std::function<void()> on_lost_;
  logger& log_;

  std::unique_ptr<kafka_group_member> member_;
  std::unique_ptr<kafka_group_member> departing_;
  std::unique_ptr<producer> producer_;
  bool leads_ = false;
  bool told_standby_ = false;
  std::string producer_trouble_;
  std::string trouble_;  ///< the member's or the producer's
  std::optional<steady_time> trouble_since_;
  steady_time last_commit_;
  steady_time not_before_;  ///< back-off: no new producer earlier
  std::chrono::milliseconds back_off_{0};
};

}  // namespace oes
