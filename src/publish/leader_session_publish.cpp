// A leader session's transactions, and what follows where one fails.
#include <string>
#include <utility>

#include "async/clock.hpp"
#include "kafka/fault.hpp"
#include "model/fault_point.hpp"
#include "publish/leader_session.hpp"

namespace oes {
namespace {

using std::chrono::seconds;

constexpr std::chrono::milliseconds between_steps{20};

}  // namespace

/// A new producer under the same leadership.
result<leader_session::readiness> leader_session::restore(const deadline& until) {
  while (!until.over()) {
    serve();
    const auto act = state_.next(steady_now());
    if (act == leadership::act::lead) return readiness::ready;
    if (act == leadership::act::lose) return readiness::not_ours;
    const auto came_to = take(act);
    if (!came_to) return came_to.error();
    if (*came_to == step_result::waits) hold_thread(between_steps);
  }
  return readiness::not_yet;
}

/// Everything that must be so before anything of a transaction is sent.
result<void> leader_session::ready_for(const transaction& txn) {
  serve();
  if (!state_.leads()) return fault(errc::fenced, "this instance does not lead deployment " + settings_.deployment);
  if (state_.retire_if_idle(steady_now())) note_replaced("idle");
  const auto ready = restore(deadline(steady_now() + settings_.transaction_timeout, stop_));
  if (!ready) state_.revoked(ready.error().context);
  const auto under = seeded_bug("epoch-not-carried") ? state_.current_authority() : txn.under;
  if (!ready || *ready == readiness::not_ours || !state_.may_send(under.epoch)) {
    lose();
    return fault(errc::fenced, "leadership lost since this was decided, nothing was begun");
  }
  if (*ready == readiness::not_yet) return fault(errc::kafka_unavailable, "no answer from Kafka, nothing was begun");
  if (under.producer != state_.current_authority().producer && !seeded_bug("authority-as-level"))
    return fault(errc::not_begun, "the producer is new, nothing was begun");
  return {};
}

result<commit_receipt> leader_session::publish(const transaction& txn) {
  if (txn.purpose == transaction_purpose::rehearsal && !transactional()) {
    return commit_receipt{txn.sequence};
  }
  if (const auto ready = ready_for(txn); !ready) return ready.error();
  const auto end = carry(txn);
  switch (end.how) {
    case ending::committed:
      return commit_receipt{txn.sequence, end.progress_offset, end.begin_offset, end.data};
    case ending::not_started:
      return end.why;
    case ending::not_committed:
      return end_failed(end.why, name(errc::not_committed));
    case ending::unknown:
      return end_failed(
          fault(seeded_bug("resend-unknown") ? errc::not_committed : errc::outcome_unknown, end.why.context),
          name(errc::outcome_unknown));
    case ending::rehearsed:
      return after_rehearsal(txn.sequence);
  }
  return fault(errc::outcome_unknown, end.why.context);
}

/// Its transaction is left to a successor's init as well: no end is ever sent that could come late.
result<commit_receipt> leader_session::after_rehearsal(std::int64_t sequence) {
  auto settled = end_failed(fault(errc::not_committed, "a rehearsal"), "rehearsal");
  if (settled.error().code == errc::not_committed) {
    return commit_receipt{sequence};
  }
  return settled;
}

transaction_end leader_session::carry(const transaction& txn) {
  const auto now = steady_now();
  const deadline until(now + settings_.message_timeout + seconds(2), stop_);
  if (!transactional()) {
    // Nothing fences a producer without transactions: the group itself is asked. Where an answer is lost it is asked
    // again, for what has arrived comes twice when this transaction fails.
    const still_ours still = [this, epoch = txn.under.epoch] {
      constexpr int most_questions = 3;
      for (int asked = 0; asked < most_questions; ++asked) {
        serve();
        if (!state_.may_send(epoch)) return false;
        if (ask_group() == step_result::more) return state_.may_send(epoch);
      }
      return false;
    };
    auto end = produce_idempotent(*producer_, txn, until, still);
    return end;
  }
  const deadline commit_until(now + settings_.message_timeout + settings_.transaction_timeout, stop_);
  const still_ours still = [this, epoch = txn.under.epoch] {
    serve();
    return state_.may_send(seeded_bug("epoch-not-carried") ? state_.current_authority().epoch : epoch);
  };
  auto end = transact(*producer_, txn, until, commit_until, still);
  if (end.how == ending::committed) {
    state_.committed(steady_now());
    if (suspicious(producer_->wire().counts()) && !seeded_bug("no-retirement-after-suspicion")) {
      log_.info("the committed transaction's end was sent more than once or a reply went missing: a new producer next",
                {{"sequence", txn.sequence}});
      state_.retire_producer();
      note_replaced("suspicious");
    }
  }
  return end;
}

/// The successor's init ends the open transaction, one way or the other; only then may anybody read what became of it.
result<commit_receipt> leader_session::end_failed(error what, std::string_view replaced_for) {
  note_replaced(replaced_for);
  fault_point("leader.unsettled");
  const auto& why = what.context;
  log_.debug("the producer is replaced", {{"why", why}});
  producer_trouble_ = why;
  state_.producer_failed(steady_now());
  const auto limit = 2 * settings_.transaction_timeout + seconds(15);
  const auto ready = restore(deadline(steady_now() + limit, stop_));
  if (ready && *ready == readiness::ready) return what;
  if (stop_.asked() && ready && *ready == readiness::not_yet) {
    drop_producer();  // before the caller frees what it has queued
    return fault(errc::stopped, why + "; stopping: the next leader's init settles it");
  }
  if (!ready) {
    state_.revoked(ready.error().context);
  } else if (*ready == readiness::not_yet) {
    state_.revoked("no producer could be made in time");
  }
  lose();
  return fault(errc::fenced, "leadership lost (" + state_.why_lost() + ") after: " + why);
}

}  // namespace oes
