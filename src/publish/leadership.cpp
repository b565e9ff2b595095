#include "publish/leadership.hpp"

#include <algorithm>
#include <utility>

#include "kafka/fault.hpp"
#include "model/fault_point.hpp"

namespace oes {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_back_off{250};
constexpr milliseconds longest_back_off{5000};
/// Beyond the session timeout: by then the group has a leader, and it is another.
constexpr std::chrono::seconds settling{5};

}  // namespace

leadership::act leadership::next(time_point now) const {
  if (lost()) return act::lose;
  if (!joined_) return act::join;
  if (!held_) return next_without_assignment(now);
  const bool foreign = stage_ != stage::none && producer_epoch_ != epoch_;
  if (stage_ != stage::none && (doomed_ || foreign)) return act::drop_producer;
  if (stage_ == stage::usable) return act::lead;
  if (now < not_before_) return act::wait;
  if (stage_ == stage::none) {
    // An instance that slept through its lease must not disturb the leader of today.
    return asks() && !may_init_ ? act::ask_group : act::make_producer;
  }
  if (stage_ == stage::made) return act::init_producer;
  return act::ask_group;  // after the init: a yes now means that no other leader came between
}

leadership::act leadership::next_without_assignment(time_point now) const {
  if (stage_ != stage::none) return act::drop_producer;
  return refusal_ || gives_up(now) ? act::refuse : act::wait;
}

bool leadership::gives_up(time_point now) const {
  return settings_.otherwise == when_not_assigned::give_up && standby_since_ &&
         now - *standby_since_ > settings_.session_timeout + settling;
}

error leadership::refusal() const {
  if (refusal_) return *refusal_;
  return fault(errc::fenced, "another instance leads deployment " + settings_.deployment);
}

void leadership::assigned() {
  held_ = true;
  may_init_ = false;
  refusal_.reset();
  standby_since_.reset();
}

void leadership::revoked(std::string why) {
  held_ = false;
  may_init_ = false;
  if (!seeded_bug("authority-as-level")) ++epoch_;
  why_lost_ = std::move(why);
}

void leadership::placed_elsewhere(time_point now) {
  if (!held_ && !standby_since_) standby_since_ = now;
}

void leadership::group_answered(membership answer, std::int64_t asked_in) {
  if (asked_in != epoch_) return;
  switch (answer) {
    case membership::ours:
      may_init_ = stage_ == stage::none;
      if (stage_ != stage::initialised) return;
      stage_ = stage::usable;
      back_off_ = milliseconds(0);
      return;
    case membership::lost:
      if (held_) revoked("the group has gone on without this member");
      return;
    case membership::unknown:
      return;
  }
}

void leadership::producer_made() {
  stage_ = asks() ? stage::made : stage::usable;
  producer_epoch_ = epoch_;
  doomed_ = false;
  used_ = false;
  may_init_ = false;
  if (asks()) ++producers_;  // an idempotent one's batch may come again: there is nothing to compare
}

void leadership::producer_dropped() {
  stage_ = stage::none;
  doomed_ = false;
}

void leadership::leading(time_point now) {
  if (leads_in_) return;
  leads_in_ = epoch_;
  last_commit_ = now;
}

void leadership::producer_failed(time_point now) {
  doomed_ = true;
  may_init_ = false;  // until the next one is made the lease may be gone
  back_off_ = back_off_.count() == 0 ? first_back_off : std::min(back_off_ * 2, longest_back_off);
  not_before_ = now + back_off_;
}

bool leadership::retire_if_idle(time_point now) {
  const bool goes = !doomed_ && asks() && used_ && now - last_commit_ > settings_.idle_retirement;
  doomed_ = doomed_ || goes;
  return goes;
}

void leadership::said_lost() { leads_in_.reset(); }

void leadership::resigned() {
  ++epoch_;
  joined_ = false;
  held_ = false;
  leads_in_.reset();
  refusal_.reset();
  standby_since_.reset();
  producer_dropped();
}

bool leadership::may_send(std::int64_t epoch) const {
  if (seeded_bug("authority-as-level")) return held_;
  return held_ && epoch == epoch_;
}

}  // namespace oes
