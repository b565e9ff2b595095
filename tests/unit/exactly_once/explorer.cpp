#include <unordered_set>
#include <vector>

#include "commit/resolve_outcome.hpp"
#include "unit/exactly_once/decisions.hpp"
#include "unit/exactly_once/world.hpp"

namespace oes::test {
namespace {

class explorer {
 public:
  explorer(const bounds& limits, const mistakes& wrong) : limits_(limits), wrong_(wrong) {}

  verdict run() {
    world first;
    first.crashes_left = static_cast<std::int8_t>(limits_.crashes);
    first.lost_left = static_cast<std::int8_t>(limits_.lost);
    first.hand_overs_left = static_cast<std::int8_t>(limits_.hand_overs);
    for (auto& one : first.who) one.incarnation = first.incarnations++;
    reach(first);
    for (; at_ < reached_.size() && found_.violation.empty(); ++at_) {
      const auto now = reached_[at_].as;  // a copy: the list grows
      go_on_from(now);
    }
    return found_;
  }

 private:
  // Every world that is reached is judged and, once, gone on from.
  void reach(const world& w) {
    if (!seen_.insert(w.text()).second) return;
    ++found_.worlds;
    const auto why = violated(w);
    reached_.push_back({w, at_});
    if (w.who[0].at == step::done) ++found_.finished;
    if (!why.empty() && found_.violation.empty()) found_.violation = why + "\n" + way_to(reached_.size() - 1);
  }

  // The shortest order of events that leads there, an event a line.
  [[nodiscard]] std::string way_to(std::size_t place) const {
    std::string out;
    for (; place != 0; place = reached_[place].from) out.insert(0, describe(reached_[place].as) + "\n");
    return out;
  }

  [[nodiscard]] std::string violated(const world& w) const {
    for (int i = 0; i < limits_.items; ++i) {
      const auto n = static_cast<std::size_t>(i);
      if (w.copies[n] > 1) return "item " + std::to_string(i) + " was committed twice";
      if (i < w.kafka.position && w.copies[n] == 0) return "item " + std::to_string(i) + " was passed over";
      if (i >= w.kafka.position && w.copies[n] > 0)
        return "item " + std::to_string(i) + " is there before its progress";
    }
    if (w.file_there && w.file.sequence > w.kafka.sequence) return "the file is ahead of Kafka";
    for (int i = 0; i < limits_.instances; ++i) {
      if (w.who[static_cast<std::size_t>(i)].at == step::refused) return "a start was refused though nobody tampered";
    }
    return "";
  }

  void go_on_from(const world& w) {
    if (w.late) {
      auto next = w;
      arrive(next, *w.late);
      next.late.reset();
      reach(next);
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(limits_.instances); ++i) {
      if (w.lease < 0 && w.who[i].at == step::wait_for_lease) {
        auto next = w;
        next.lease = static_cast<std::int8_t>(i);
        next.who[i].lost_lease = false;
        reach(next);
      }
      if (w.lease == static_cast<std::int8_t>(i) && w.hand_overs_left > 0) {
        auto next = w;
        --next.hand_overs_left;
        next.lease = -1;
        next.who[i].lost_lease = true;
        reach(next);
      }
      if (w.crashes_left > 0 && w.who[i].at != step::refused) {
        auto next = w;
        crash(next, i);
        reach(next);
      }
      walk(w, i);
    }
  }

  static void crash(world& w, std::size_t i) {
    // Its producer is gone, its epoch is not: what it left open stays open until the next init.
    --w.crashes_left;
    if (w.lease == static_cast<std::int8_t>(i)) w.lease = -1;
    w.who[i] = {};
    w.who[i].incarnation = w.incarnations++;
  }

  // --- the broker ---------------------------------------------------------------------------------------------------

  static void apply_end(world& w, bool commits) {
    if (commits && w.txn.item >= 0) ++w.copies[static_cast<std::size_t>(w.txn.item)];
    if (commits && w.txn.has_progress) {
      w.kafka = w.txn.progress;
      w.kafka_holds = true;
    }
    w.txn = {};
  }

  static void arrive(world& w, const straggler& s) {
    if (s.newest_epoch && w.txn.open) apply_end(w, s.commits);
  }

  // --- an instance's next step --------------------------------------------------------------------------------------

  void walk(const world& w, std::size_t i) {
    auto next = w;
    auto& me = next.who[i];
    switch (me.at) {
      case step::load_file:
        me.has_file = w.file_there;
        me.file = w.file;
        me.at = step::wait_for_lease;
        return reach(next);
      case step::wait_for_lease:
        if (w.lease != static_cast<std::int8_t>(i)) return;
        me.at = wrong_.reads_to_last_stable_offset ? step::read : step::init;
        return reach(next);
      case step::init:
        return init(next, me);
      case step::read:
        return read(next, me);
      case step::reconcile:
        return start_term(next, me);
      case step::fetch:
        return fetch(next, me);
      case step::confirm:
      case step::confirmed:
        return ask_group(next, i);
      case step::begin:
      case step::data:
      case step::progress:
        return produce(next, me);
      case step::commit:
        return commit(next, me);
      case step::judge:
        return settle(next, me);
      case step::mirror:
        return mirror(next, me);
      case step::refused:
      case step::done:
        return;
    }
  }

  // The group says who leads. Whoever lost the lease, even if it has it again by now, begins a new term.
  void ask_group(world& w, std::size_t i) {
    auto& me = w.who[i];
    const bool ours = w.lease == static_cast<std::int8_t>(i) && !me.lost_lease;
    if (!ours && !wrong_.never_asks_the_group) {
      become_fenced(me);
    } else if (me.at == step::confirm) {
      me.at = step::init;
    } else {
      go_on_after_init(me);
    }
    reach(w);
  }

  void init(world& w, instance& me) {
    for (auto& one : w.who) one.newest_epoch = false;
    if (w.late) w.late->newest_epoch = false;
    w.txn = {};  // what a predecessor left open is aborted
    me.newest_epoch = true;
    me.known_parts = false;
    me.suspicious = false;
    me.at = step::confirmed;
    reach(w);
  }

  void go_on_after_init(instance& me) const {
    if (me.after_unknown && wrong_.resends_blindly) me.after_unknown = false;
    if (me.after_unknown || me.next == held{}) {
      me.at = wrong_.reads_to_last_stable_offset && !me.after_unknown ? step::reconcile : step::read;
    } else {
      me.at = step::begin;
    }
  }

  void read(world& w, instance& me) {
    // Up to the last stable offset an open transaction is not seen: that is what it may still become.
    if (me.after_unknown) {
      me.at = step::judge;
    } else {
      me.knows = w.kafka;
      me.at = wrong_.reads_to_last_stable_offset && !me.newest_epoch ? step::init : step::reconcile;
    }
    reach(w);
  }

  void start_term(world& w, instance& me) {
    auto decided = reconciled(w.kafka_holds, me.knows, me.has_file, me.file);
    if (wrong_.reads_to_last_stable_offset) decided = me.knows;
    if (wrong_.file_is_authority && me.has_file) decided = me.file;
    if (!decided) {
      me.at = step::refused;
      return reach(w);
    }
    me.has_file = false;
    me.file = {};
    me.knows = *decided;
    me.item = -1;
    me.next = me.knows;
    ++me.next.sequence;
    me.next.owner = me.incarnation;
    me.at = step::begin;
    reach(w);
  }

  void fetch(world& w, instance& me) {
    if (me.knows.position == limits_.items) {
      me.at = step::done;
      return reach(w);
    }
    me.item = me.knows.position;
    me.next = me.knows;
    ++me.next.sequence;
    ++me.next.position;
    me.at = me.suspicious && !wrong_.no_retirement_after_suspicion ? step::confirm : step::begin;
    me.suspicious = false;
    reach(w);
  }

  // Begin record, data, progress. A partition that the library has added once is not added again: if something ended
  // the transaction meanwhile, the broker refuses the record (INVALID_TXN_STATE); one added now opens a transaction.
  void produce(world& w, instance& me) {
    if (!me.newest_epoch) return fenced(w, me);
    const bool second_half = me.apart;
    const bool only_progress = wrong_.progress_first ? !second_half : second_half;
    const bool torn = (wrong_.progress_first || wrong_.progress_apart) && me.item >= 0;
    if (me.at == step::begin) {
      if (!wrong_.no_begin_record && !(torn && !only_progress)) add_progress_partition(w, me);
      me.at = me.item >= 0 && !(torn && only_progress) ? step::data : step::progress;
      return reach(w);
    }
    if (me.at == step::data) {
      w.txn.open = true;
      w.txn.item = me.item;
      me.at = torn ? step::commit : step::progress;
      return reach(w);
    }
    if (!me.known_parts) add_progress_partition(w, me);
    if (!w.txn.open || !w.txn.has_progress_partition) return abandon(w, me);
    w.txn.has_progress = true;
    w.txn.progress = me.next;
    me.at = step::commit;
    reach(w);
  }

  static void add_progress_partition(world& w, instance& me) {
    w.txn.open = true;
    w.txn.has_progress_partition = true;
    me.known_parts = true;
  }

  // Commit was never asked for: the transaction is known to be nothing, and comes again.
  void abandon(world& w, instance& me) {
    me.apart = false;
    if (wrong_.keeps_producer_after_abort) {
      end_with_abort(w, me);
      return;
    }
    me.at = step::confirm;
    reach(w);
  }

  void end_with_abort(world& w, instance& me) {
    me.at = step::begin;
    me.known_parts = false;
    if (w.lost_left > 0 && !w.late) {
      auto retried = w;
      --retried.lost_left;
      retried.late = straggler{true, false};
      apply_end(retried, false);
      reach(retried);
    }
    apply_end(w, false);
    reach(w);
  }

  static void become_fenced(instance& me) {
    const auto incarnation = me.incarnation;
    me = {};
    me.incarnation = incarnation;
    me.at = step::wait_for_lease;
  }
  // Somebody inited a producer of our name: read the claim before anything else (guarantee.md §4).
  void fenced(world& w, instance& me) { unknown(w, me); }

  void commit(world& w, instance& me) {
    if (!me.newest_epoch) return unknown(w, me);
    if (wrong_.mirrors_before_commit) {
      w.file_there = true;
      w.file = me.next;
      reach(w);
    }
    if (!w.txn.open) return unknown(w, me);  // INVALID_TXN_STATE: whatever ended it, we do not know how
    if (wrong_.keeps_producer_after_abort && w.lost_left > 0 && !w.late && me.item >= 0) {
      auto failed = w;  // a record's delivery failed: a client that does not retire aborts
      --failed.lost_left;
      auto& mine = failed.who[static_cast<std::size_t>(&me - w.who.data())];
      failed.late = straggler{true, false};
      apply_end(failed, false);
      mine.at = step::begin;
      mine.known_parts = false;
      mine.apart = false;
      reach(failed);
    }
    const auto i = static_cast<std::size_t>(&me - w.who.data());
    if (w.lost_left > 0) lose_something(w, i);
    apply_end(w, true);
    committed(w, me);
  }

  // The answer is lost or the request is late; the library asks again, or gives up.
  void lose_something(const world& w, std::size_t i) {
    auto base = w;
    --base.lost_left;
    auto answer_lost = base;  // applied, asked again, answered
    apply_end(answer_lost, true);
    answer_lost.who[i].suspicious = true;
    committed(answer_lost, answer_lost.who[i]);
    auto given_up = base;  // applied, never answered
    apply_end(given_up, true);
    unknown(given_up, given_up.who[i]);
    auto never_arrived = base;
    unknown(never_arrived, never_arrived.who[i]);
    if (w.late) return;
    auto overtaken = base;  // the first request is late, its repetition is answered
    overtaken.late = straggler{true, true};
    apply_end(overtaken, true);
    overtaken.who[i].suspicious = true;
    committed(overtaken, overtaken.who[i]);
    auto late = base;  // late, and given up
    late.late = straggler{true, true};
    unknown(late, late.who[i]);
  }

  void committed(world& w, instance& me) {
    me.known_parts = false;
    const bool torn = (wrong_.progress_first || wrong_.progress_apart) && me.item >= 0;
    if (torn && !me.apart) {
      me.apart = true;
      me.at = step::begin;
    } else {
      me.apart = false;
      me.at = step::mirror;
    }
    reach(w);
  }

  void unknown(world& w, instance& me) {
    me.after_unknown = true;
    me.apart = false;
    me.known_parts = false;
    me.at = step::confirm;
    reach(w);
  }

  void settle(world& w, instance& me) {
    me.after_unknown = false;
    auto found = as_state(w.kafka);
    auto mine = name_of(me.incarnation);
    auto owner = name_of(me.knows.owner);
    if (wrong_.does_not_read_the_claim) found.claim_owner = mine = owner = "anybody";
    switch (oes::resolve_outcome(found, mine, owner, me.next.sequence)) {
      case resolved_outcome::committed:
        me.at = step::mirror;
        break;
      case resolved_outcome::not_committed:
        me.at = step::begin;
        break;
      case resolved_outcome::another_leads:
        become_fenced(me);
        break;
    }
    reach(w);
  }

  void mirror(world& w, instance& me) {
    me.knows = me.next;
    me.next = {};
    w.file_there = true;
    w.file = me.knows;
    me.at = step::fetch;
    reach(w);
  }

  bounds limits_;
  mistakes wrong_;
  std::unordered_set<std::string> seen_;
  struct visit {
    world as;
    std::size_t from = 0;
  };
  std::vector<visit> reached_;
  std::size_t at_ = 0;
  verdict found_;
};

}  // namespace

verdict explore(const bounds& limits, const mistakes& wrong) { return explorer(limits, wrong).run(); }

}  // namespace oes::test
