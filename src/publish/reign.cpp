#include "publish/reign.hpp"

#include <algorithm>

#include "model/fault_point.hpp"
#include "publish/fault.hpp"
#include "publish/kafka_conf.hpp"

namespace oes {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds slice{300};
constexpr milliseconds confirm_within{1500};
constexpr milliseconds first_back_off{250};
constexpr milliseconds longest_back_off{5000};
/// Joining a group and asking again take so long without anything being wrong.
constexpr milliseconds trouble_after{3000};

}  // namespace

reign::reign(publish_settings settings, std::string instance, const stop_request& stop, std::function<void()> on_lost,
             logger& log)
    : settings_(std::move(settings)),
      instance_(std::move(instance)),
      stop_(stop),
      on_lost_(std::move(on_lost)),
      log_(log) {}

result<bool> reign::step_to_lead() {
  if (leads_) {
    return true;
  }
  if (!member_) {
    auto joined = kafka_group_member::join(settings_, instance_, log_);
    if (!joined) {
      return joined.error();
    }
    member_ = std::move(*joined);
  }
  member_->poll();
  if (member_->refusal()) {
    return *member_->refusal();
  }
  if (!member_->holds()) {
    drop_producer();
    producer_trouble_.clear();
    return standby_is_an_error();
  }
  fault_point("reign.assigned");
  const auto ready = step_to_producer();
  if (!ready) {
    return ready.error();
  }
  if (*ready != readiness::ready) {
    return false;
  }
  fault_point("reign.leads");
  leads_ = true;
  told_standby_ = false;
  last_commit_ = steady_now();
  log_.debug("Leading: this instance is the deployment's one writer", {{"deployment", settings_.deployment}});
  return true;
}

result<bool> reign::standby_is_an_error() const {
  const auto since = member_->standby_since();
  if (!since) {
    return false;
  }
  if (!settings_.standby && steady_now() - *since > settings_.session_timeout + seconds(5)) {
    return fault(errc::fenced, "another instance leads deployment " + settings_.deployment);
  }
  return false;
}

result<reign::readiness> reign::step_to_producer() {
  if (steady_now() < not_before_) {
    return readiness::not_yet;
  }
  if (!producer_) {
    auto made = producer::make(settings_, instance_, log_);
    if (!made) {
      return made.error();
    }
    producer_ = std::move(*made);
  }
  if (!producer_->initialised()) {
    const auto step = producer_->init(slice);
    switch (step.state) {
      case init_state::ready:
        break;
      case init_state::again:
        producer_trouble_ = transactional_id(settings_) + ": " + step.why;
        return readiness::not_yet;
      case init_state::broken:
        replace_later("init: " + step.why);
        return readiness::not_yet;
      case init_state::refused:
        drop_producer();
        return fault(errc::kafka_refused, transactional_id(settings_) + ": " + step.why);
    }
  }
  producer_trouble_.clear();
  return confirmed();
}

/// After the init: a yes now means that no other leader came between (kafka_group_member::confirm).
result<reign::readiness> reign::confirmed() {
  if (!transactional()) {
    back_off_ = {};
    return readiness::ready;
  }
  switch (member_->confirm(confirm_within)) {
    case membership::ours:
      back_off_ = {};
      return readiness::ready;
    case membership::lost:
      drop_producer();
      return readiness::not_ours;
    case membership::unknown:
      break;
  }
  return readiness::not_yet;
}

/// A new producer within a reign. Before its init the group is asked too: an instance that slept through its lease must
/// not disturb the leader of today.
result<reign::readiness> reign::restore(const patience& until) {
  bool asked = !transactional();
  while (!until.over()) {
    member_->poll();
    if (!member_->holds()) {
      return readiness::not_ours;
    }
    result<readiness> step = readiness::not_yet;
    if (!asked) {
      const auto now = member_->confirm(confirm_within);
      asked = now == membership::ours;
      if (now == membership::lost) {
        return readiness::not_ours;
      }
    } else {
      step = step_to_producer();
    }
    if (!step || *step != readiness::not_yet) {
      return step;
    }
    hold_thread(milliseconds(20));
  }
  return readiness::not_yet;
}

bool reign::producer_is_stale() const {
  return transactional() && steady_now() - last_commit_ > settings_.producer_idle_retirement;
}

result<commit_receipt> reign::publish(const transaction& txn) {
  if (!leads_) {
    return fault(errc::fenced, "this instance does not lead deployment " + settings_.deployment);
  }
  if (txn.purpose == transaction_purpose::rehearsal && !transactional()) {
    return commit_receipt{txn.sequence};
  }
  if (producer_ && producer_is_stale()) {
    drop_producer();
  }
  if (!producer_) {
    const auto ready = restore(patience(steady_now() + settings_.transaction_timeout, stop_));
    if (!ready || *ready == readiness::not_ours) {
      lose(ready ? member_->why_lost() : ready.error().context);
      return fault(errc::fenced, "leadership lost, nothing was begun");
    }
    if (*ready == readiness::not_yet) {
      return fault(errc::not_committed, "no answer from Kafka, nothing was begun");
    }
  }
  const auto end = carry(txn);
  switch (end.how) {
    case ending::committed:
      return commit_receipt{txn.sequence, end.progress_offset, end.begin_offset, end.data};
    case ending::nothing_begun:
      return end.why;
    case ending::not_committed:
      return settle_failure(end.why);
    case ending::unknown:
      return settle_failure(
          fault(seeded_bug("resend-unknown") ? errc::not_committed : errc::outcome_unknown, end.why.context));
    case ending::rehearsed:
      return after_rehearsal(txn.sequence);
  }
  return fault(errc::outcome_unknown, end.why.context);
}

/// Its transaction is left to a successor's init as well: no end is ever sent that could come late.
result<commit_receipt> reign::after_rehearsal(std::int64_t sequence) {
  const auto settled = settle_failure(fault(errc::not_committed, "a rehearsal"));
  if (settled.error().code == errc::not_committed) {
    return commit_receipt{sequence};
  }
  return settled;
}

transaction_end reign::carry(const transaction& txn) {
  const auto now = steady_now();
  const patience until(now + settings_.message_timeout + seconds(2), stop_);
  if (!transactional()) {
    auto end = deliver(*producer_, txn, until);
    return end;
  }
  const patience commit_until(now + settings_.message_timeout + settings_.transaction_timeout, stop_);
  auto end = transact(*producer_, txn, until, commit_until);
  if (end.how == ending::committed) {
    last_commit_ = steady_now();
    if (suspicious(producer_->wire().counts()) && !seeded_bug("no-retirement-after-suspicion")) {
      log_.info("The committed transaction's end was sent more than once or a reply went missing: a new producer next",
                {{"sequence", txn.sequence}});
      drop_producer();
    }
  }
  return end;
}

/// The successor's init ends the open transaction, one way or the other; only then may anybody read what became of it.
result<commit_receipt> reign::settle_failure(error what) {
  fault_point("reign.unsettled");
  const auto& why = what.context;
  replace_later(why);
  const auto limit = 2 * settings_.transaction_timeout + seconds(15);
  const auto ready = restore(patience(steady_now() + limit, stop_));
  if (ready && *ready == readiness::ready) {
    return what;
  }
  if (stop_.asked() && ready && *ready == readiness::not_yet) {
    return fault(errc::stopped, why + "; stopping: the next leader's init settles it");
  }
  std::string lost = ready ? member_->why_lost() : ready.error().context;
  if (ready && *ready == readiness::not_yet) {
    lost = "no producer could be made in time";
  }
  lose(lost);
  return fault(errc::fenced, "leadership lost (" + lost + ") after: " + why);
}

void reign::tick() {
  if (!member_) {
    return;
  }
  member_->poll();
  if (!leads_) {
    member_->look_again();
  }
  note_trouble();
  if (leads_ && !member_->holds()) {
    lose(member_->why_lost());
  }
  if (!leads_ && member_->standby_since() && !told_standby_) {
    told_standby_ = true;
    log_.info("Standby: another instance leads", {{"deployment", settings_.deployment}});
  }
}

void reign::note_trouble() {
  trouble_ = leads_ ? "" : !member_->trouble().empty() ? member_->trouble() : producer_trouble_;
  if (trouble_.empty()) {
    trouble_since_.reset();
  } else if (!trouble_since_) {
    trouble_since_ = steady_now();
  }
}

std::string reign::waits_for() const {
  return trouble_since_ && steady_now() - *trouble_since_ > trouble_after ? trouble_ : std::string();
}

void reign::replace_later(const std::string& why) {
  producer_trouble_ = why;
  drop_producer();
  back_off_ = back_off_.count() == 0 ? first_back_off : std::min(back_off_ * 2, longest_back_off);
  not_before_ = steady_now() + back_off_;
  log_.debug("The producer is replaced", {{"why", why}});
}

void reign::drop_producer() {
  fault_point("reign.before-retirement");
  producer_.reset();
  fault_point("reign.retired");
}

void reign::lose(const std::string& why) {
  drop_producer();
  leads_ = false;
  log_.warn("Leadership lost", {{"deployment", settings_.deployment}, {"why", why}});
  on_lost_();
}

void reign::resign() {
  fault_point("reign.resigning");
  leads_ = false;
  drop_producer();
  if (member_) {
    member_->leave(seconds(1));
    bury();
    departing_ = std::move(member_);
  }
}

void reign::bury() {
  if (departing_ && !departing_->may_be_freed()) {
    departing_->hush();
    static_cast<void>(departing_.release());
  }
  departing_.reset();
}

}  // namespace oes
