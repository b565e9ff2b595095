#pragma once
// Leadership as a state machine without I/O: what has happened goes in, what is to be done next comes out. The calls to
// librdkafka are publish/leader_session's.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "async/clock.hpp"
#include "model/authority.hpp"
#include "model/error.hpp"

namespace oes {

/// What the group's coordinator says when asked.
enum class membership { ours, lost, unknown };

enum class guarantee { transactional, idempotent };
enum class when_not_assigned { wait, give_up };

struct leadership_settings {
  std::string deployment;
  guarantee producers = guarantee::transactional;
  when_not_assigned otherwise = when_not_assigned::wait;
  std::chrono::milliseconds session_timeout = std::chrono::seconds(6);
  std::chrono::seconds idle_retirement = std::chrono::hours(1);
};

class leadership {
 public:
  using time_point = steady_time;

  enum class act {
    join,           ///< the group; then joined()
    drop_producer,  ///< then producer_dropped()
    ask_group,      ///< whether the assignment stands; then group_answered()
    make_producer,  ///< then producer_made()
    init_producer,  ///< then initialised(), or producer_failed(); a slice that is not through changes nothing
    wait,           ///< nothing to be done now: serve the group, ask again
    lead,           ///< this process is the one writer, with a producer that may be used
    lose,           ///< leadership is gone: say so, once; then said_lost()
    refuse,         ///< refusal() says why leading cannot be
  };

  explicit leadership(leadership_settings settings) : settings_(std::move(settings)) {}

  /// What comes next on the way to lead(), and back to it when the producer is gone.
  [[nodiscard]] act next(time_point now) const;
  /// While nothing is asked for: act::lose or act::wait.
  [[nodiscard]] act at_rest() const { return lost() ? act::lose : act::wait; }

  // What the group says, in its order.
  void joined() { joined_ = true; }
  void assigned();
  void revoked(std::string why);
  void placed_elsewhere(time_point now);
  void refused(error why) { refusal_ = std::move(why); }
  /// `asked_in`: the epoch in which it was asked; an answer about an older assignment says nothing.
  void group_answered(membership answer, std::int64_t asked_in);

  // What became of the producer.
  void producer_made();
  void initialised() { stage_ = stage::initialised; }
  void producer_dropped();

  // What leading brings.
  void leading(time_point now);
  void committed(time_point now) {
    last_commit_ = now;
    used_ = true;
  }
  /// It must not be used again; the next one not before a while.
  void producer_failed(time_point now);
  /// It may hold an end of a transaction that has not reached the broker yet.
  void retire_producer() { doomed_ = true; }
  /// A producer that has committed and then been idle for long is replaced: its connections may be dead. One that has
  /// committed nothing yet stays, however long Kafka is read before its first transaction. true: it is replaced now.
  bool retire_if_idle(time_point now);
  void said_lost();
  void resigned();

  [[nodiscard]] bool leads() const { return leads_in_.has_value(); }
  [[nodiscard]] authority current_authority() const { return {epoch_, producers_}; }
  /// Content decided in `epoch` may be sent still.
  [[nodiscard]] bool may_send(std::int64_t epoch) const;
  [[nodiscard]] const std::string& why_lost() const { return why_lost_; }
  [[nodiscard]] error refusal() const;

 private:
  enum class stage { none, made, initialised, usable };

  [[nodiscard]] bool lost() const { return leads_in_ && !may_send(*leads_in_); }
  [[nodiscard]] act next_without_assignment(time_point now) const;
  [[nodiscard]] bool gives_up(time_point now) const;
  [[nodiscard]] bool asks() const { return settings_.producers == guarantee::transactional; }

  leadership_settings settings_;
  bool joined_ = false;
  bool held_ = false;
  std::int64_t epoch_ = 1;
  std::optional<std::int64_t> leads_in_;  ///< the epoch in which lead() was reached
  std::optional<time_point> standby_since_;
  std::optional<error> refusal_;
  std::string why_lost_;

  stage stage_ = stage::none;
  bool doomed_ = false;              ///< the producer must go
  std::int64_t producers_ = 0;       ///< made so far
  std::int64_t producer_epoch_ = 0;  ///< in which it was made
  bool used_ = false;                ///< it has committed something
  bool may_init_ = false;            ///< the group was asked, in this epoch and since the last producer
  time_point last_commit_;
  time_point not_before_ = time_point::min();  ///< back-off: no new producer earlier
  std::chrono::milliseconds back_off_{0};
};

}  // namespace oes
