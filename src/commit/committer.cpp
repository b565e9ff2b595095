#include "commit/committer.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <iterator>
#include <set>

#include "async/race.hpp"
#include "commit/resolve_outcome.hpp"
#include "model/fault_point.hpp"
#include "progress/head_record.hpp"
#include "progress/ledger_codec.hpp"
#include "progress/member_records.hpp"
#include "progress/progress_changes.hpp"
#include "progress/progress_codec.hpp"
#include "progress/reconcile.hpp"
#include "progress/unexpected_record.hpp"

namespace oes {

namespace asio = boost::asio;

namespace {

// Kafka as a whole works: it has taken it, or said what it does not take.
bool answered(const result<void>& fate) { return fate || fate.error().code == errc::kafka_refused; }

}  // namespace

committer::committer(committer_settings settings, progress_snapshot start_from, std::int64_t lands_at, publisher& to,
                     progress_store& store, const asio::any_io_executor& loop, logger& log,
                     transaction_observer observe)
    : settings_(std::move(settings)),
      held_(std::move(start_from)),
      to_(to),
      right_(to.holding()),
      lands_at_(lands_at),
      contradicted_(loop),
      store_(store),
      look_(store, settings_.look, [this](const error& why) { tell_kafka(&why); }),
      loop_(loop),
      log_(log),
      observe_(std::move(observe)),
      versions_(held_.state.last_version),
      queue_(loop, settings_.queue_bound),
      closed_(loop),
      ends_(to, closed_, settings_.stop),
      packing_(settings_.transaction, settings_.progress_topic) {}

asio::awaitable<result<void>> committer::claim(std::vector<std::pair<member_key, member_progress>> members) {
  fault_point("committer.before-claim");
  if (seeded_bug("no-claim")) {
    held_.state.members.insert(members.begin(), members.end());  // a patch needs a member to be applied to
    co_return result<void>();
  }
  progress_state after = held_.state;
  after.sequence += 1;
  after.generation += 1;
  after.claim_owner = settings_.instance;
  transaction txn;
  txn.sequence = after.sequence;
  txn.begin = encode_begin(after.sequence, settings_.instance);
  progress_state there = held_.state;
  for (auto& [key, member] : members) {
    there.members.erase(key);
    after.members[key] = std::move(member);
  }
  txn.progress = encode_changes(there, after);
  after.first_form.clear();
  add_unexpected(txn, after);
  txn.progress.push_back(
      encode_claim(settings_.instance, settings_.host, after.generation, after.sequence, after.last_version));
  seal(txn, held_.state, after, told_);
  auto settled = co_await settle(txn, std::move(after));
  co_return settled;
}

asio::awaitable<result<void>> committer::claim_edited(const progress_commit& change) {
  progress_state after = edited(held_.state, change);
  after.generation += 1;
  after.claim_owner = settings_.instance;
  transaction txn = make_progress_commit(held_.state, after, change, settings_.instance);
  auto claim = encode_claim(settings_.instance, settings_.host, after.generation, after.sequence, after.last_version);
  txn.progress.push_back(std::move(claim));
  seal(txn, held_.state, after, told_);
  auto settled = co_await settle(txn, std::move(after));
  if (settled) versions_ = version_counter(std::max(versions_.last(), held_.state.last_version));
  co_return settled;
}

asio::awaitable<result<void>> committer::commit_edit(const progress_commit& change) {
  auto proven = co_await prove();
  if (!proven) co_return proven;
  progress_state after = edited(held_.state, change);
  transaction txn = make_progress_commit(held_.state, after, change, settings_.instance);
  seal(txn, held_.state, after, told_);
  auto settled = co_await settle(txn, std::move(after));
  if (settled) versions_ = version_counter(std::max(versions_.last(), held_.state.last_version));
  co_return settled;
}

asio::awaitable<result<void>> committer::commit(submission work) {
  // Shared with run(): a caller that is cancelled leaves its frame, and the committer still works with what it handed
  // in.
  auto mine = std::make_shared<waiting>(std::move(work), loop_);
  auto lent = mine;
  auto [refused] = co_await queue_.async_send({}, std::move(lent), asio::as_tuple(asio::use_awaitable));
  if (refused) co_return error{errc::stopped, "the committer is closed"};
  const bool settled = co_await mine->done.wait();
  if (!settled) co_return error{errc::stopped, "stopped while a commit was under way; its end is not known"};
  co_return std::move(mine->fate);
}

void committer::close() {
  closed_.set();
  queue_.close();
}

asio::awaitable<void> committer::run() {
  std::exception_ptr thrown;
  try {
    co_await serve();
  } catch (...) {
    thrown = std::current_exception();
  }
  if (!thrown) co_return;
  let_go();
  std::rethrow_exception(thrown);
}

// Whoever waits would wait for ever. What became of the transaction is not known.
void committer::let_go() {
  take_what_waits();
  close();
  finish(ready_.size(), error{errc::stopped, "the committer has failed"});
}

asio::awaitable<void> committer::serve() {
  while (true) {
    busy_since_.reset();
    if (ready_.empty()) {
      auto [ended, first] = co_await queue_.async_receive(asio::as_tuple(asio::use_awaitable));
      if (ended) co_return;
      ready_.push_back(std::move(first));
    }
    take_what_waits();
    busy_since_ = steady_now();
    auto proven = co_await prove();
    if (!proven) {
      finish(ready_.size(), proven);
      continue;
    }
    if (ready_.front()->work.purpose == transaction_purpose::rehearsal) {
      co_await try_out();
      continue;
    }
    co_await carry(count_to_carry());
  }
}

asio::awaitable<void> committer::carry(std::size_t count) {
  settings_.work.begins(committer_coroutine, in_hand(count));
  progress_state after = held_.state;
  transaction txn = make_transaction(count, after);
  auto settled = co_await settle(txn, std::move(after));
  settings_.work.begins(committer_coroutine, {});
  const bool final = settled || settled.error().code == errc::fenced || settled.error().code == errc::stopped ||
                     settled.error().code == errc::refused;
  if (!final) {
    return_batches(txn, count);
    error why = settled.error();
    auto repairing = after_failure(count, std::move(why));
    co_await std::move(repairing);
    co_return;
  }
  if (settled) {
    failures_ = 0;
    packing_.committed(parcels(count));
    tell_kafka(nullptr);
  }
  finish(count, settled);
}

// Kafka's trouble is waited for; a stream's own is not, so that the others go on.
asio::awaitable<void> committer::after_failure(std::size_t count, error why) {
  const auto verdict = packing_.failed(parcels(count), why);
  log_.debug("a transaction was not committed", {{"reason", why.context}, {"batches", count}});
  switch (verdict) {
    case after_failure_verdict::repeat:
      co_return;
    case after_failure_verdict::give_back:
      if (answered(why)) tell_kafka(nullptr);
      why.code = errc::kafka_refused;
      refused_.keep(why.topic, std::move(ready_.front()->work.batch));
      finish(1, why);
      co_return;
    case after_failure_verdict::put_last:
      std::rotate(ready_.begin(), ready_.begin() + 1, ready_.end());
      break;
    case after_failure_verdict::wait_and_repeat:
      break;
  }
  tell_kafka(&why);
  constexpr int most_doublings = 16;
  const auto span =
      std::min(settings_.retry_pause * (1 << std::min(failures_++, most_doublings)), settings_.longest_pause);
  const auto over = co_await ends_.comes_within(span);
  if (over) finish(ready_.size(), error{over->code, why.context});
}

asio::awaitable<void> committer::try_out() {
  auto& work = ready_.front()->work;
  transaction txn;
  txn.sequence = held_.state.sequence;
  txn.purpose = transaction_purpose::rehearsal;
  txn.under = right_;
  txn.data.push_back(std::move(work.batch));
  auto taken = co_await to_.publish(txn);
  result<void> fate;
  if (!taken) {
    fate = taken.error();
    const auto& tried = txn.data.front();
    const std::string topic = tried.topics[tried.records.front().topic];
    refused_.keep(topic, std::move(txn.data.front()));
  }
  if (answered(fate)) tell_kafka(nullptr);
  finish(1, fate);
}

void committer::tell_kafka(const error* why) {
  if (settings_.kafka) settings_.kafka(why);
}

void committer::take_what_waits() {
  while (queue_.try_receive([this](boost::system::error_code failed, std::shared_ptr<waiting> next) {
    if (!failed) ready_.push_back(std::move(next));
  })) {
  }
}

std::vector<parcel> committer::parcels(std::size_t count) const {
  std::vector<parcel> out;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& work = ready_[i]->work;
    // A rehearsal is nothing that travels with others.
    if (work.purpose == transaction_purpose::rehearsal) break;
    out.push_back({&*ready_[i], work.batch.records.size(), work.batch.bytes.size()});
  }
  return out;
}

std::vector<work_in_hand> committer::in_hand(std::size_t count) const {
  std::vector<work_in_hand> out;
  for (std::size_t i = 0; i < count; ++i) {
    if (ready_[i]->work.work) out.push_back(*ready_[i]->work.work);
  }
  return out;
}

// Of another instance's ends this one has learnt when it read the topic.
void committer::add_unexpected(transaction& txn, progress_state& after) const {
  if (!settings_.unexpected) return;
  after.unexpected = settings_.unexpected();
  if (after.unexpected == held_.state.unexpected) return;
  txn.progress.push_back(encode_unexpected(after.unexpected, after.sequence));
}

std::size_t committer::count_to_carry() const {
  if (settings_.one_by_one()) return 1;
  return packing_.count(parcels(ready_.size()));
}

transaction committer::make_transaction(std::size_t count, progress_state& after) {
  transaction txn;
  after.sequence += 1;
  after.last_version = std::max(after.last_version, versions_.last());
  txn.sequence = after.sequence;
  txn.begin = encode_begin(after.sequence, settings_.instance);
  for (std::size_t i = 0; i < count; ++i) {
    auto& work = ready_[i]->work;
    txn.data.push_back(std::move(work.batch));
    for (const auto& update : work.ledger) {
      auto entries = encode_ledger(update, after.sequence);
      std::move(entries.begin(), entries.end(), std::back_inserter(txn.progress));
    }
  }
  if (settings_.credits) after.credits = settings_.credits();
  if (after.credits) txn.progress.push_back(encode_credits(*after.credits, after.sequence));
  add_unexpected(txn, after);
  for (std::size_t i = 0; i < count; ++i) {
    const auto& reason = ready_[i]->work.reason;
    if (reason) txn.progress.push_back(encode_reason(*reason, after.sequence, after.last_version));
  }
  std::set<member_key> changed;
  for (std::size_t i = 0; i < count; ++i) {
    for (const auto& [key, patch] : ready_[i]->work.changes) {
      apply(after.members[key], patch);
      changed.insert(key);
    }
  }
  for (const auto& key : changed) {
    const auto before = held_.state.members.find(key);
    auto records = encode_member_change(key, before == held_.state.members.end() ? nullptr : &before->second,
                                        after.members.at(key), after.sequence);
    std::move(records.begin(), records.end(), std::back_inserter(txn.progress));
  }
  seal(txn, held_.state, after, told_);
  return txn;
}

// One transaction to the end of every doubt: afterwards `held_` is what Kafka holds.
asio::awaitable<result<void>> committer::settle(transaction& txn, progress_state after) {
  std::size_t records = 0;
  for (const auto& batch : txn.data) records += batch.records.size();
  const auto began = steady_now();
  if (seeded_bug("mirror-before-commit")) {
    auto early = store_.mirror({after, held_.place});
    const auto told = co_await std::move(early);
    static_cast<void>(told);
  }
  fault_point("committer.before-publish");
  txn.under = right_;
  txn.lands_at = lands_at_;
  txn.progress_end = held_.place.offset;
  txn.ends = held_.state.ends;
  auto receipt = co_await to_.publish(txn);
  if (!receipt && receipt.error().code == errc::outcome_unknown) {
    log_.warn("the outcome of a commit is unknown; reading the progress topic to its end",
              {{"sequence", txn.sequence}, {"reason", receipt.error().context}});
    fault_point("committer.unknown");
    std::string doubt = receipt.error().context;
    auto settled = co_await ask_kafka(after, std::move(doubt));
    receipt = std::move(settled);
  }
  const auto took = steady_now() - began;
  if (!receipt) {
    observe_(name(receipt.error().code), took, records);
    if (receipt.error().code == errc::refused) contradict(receipt.error());
    co_return receipt.error();
  }
  if (receipt->begin_offset >= 0) {
    lands_at_ = -1;  // else it was read from the topic, which says where the next one lands
  }
  told_ = std::move(held_.state.ends);
  held_.state = std::move(after);
  held_.place.offset = receipt->progress_offset;
  raise(held_.state.ends, receipt->data);
  fault_point("committer.before-mirror");
  auto mirroring = store_.mirror(held_);
  const auto mirrored = co_await std::move(mirroring);
  const error why_not = mirrored ? error{} : mirrored.error();
  if (settings_.mirror) settings_.mirror(mirrored ? nullptr : &why_not);
  fault_point("committer.mirrored");
  observe_("committed", took, records);
  co_return result<void>();
}

asio::awaitable<result<kafka_view>> committer::look_at_kafka() {
  auto looking = look_.at(held_);
  auto ending = ends_.comes();
  auto racing = race(std::move(looking), std::move(ending));
  auto first = co_await std::move(racing);
  if (first.index() == 1) co_return std::get<1>(std::move(first));
  co_return std::get<0>(std::move(first));
}

error committer::cannot_read(const error& why) {
  if (why.code == errc::damaged) contradict(unreadable_topic(why, settings_.progress_topic));
  if (why.code == errc::refused) contradict(why);
  return contradiction_.value_or(why);
}

void committer::contradict(error why) {
  if (!contradiction_) contradiction_ = std::move(why);
  contradicted_.set();
}

result<void> committer::believe(const kafka_view& seen, const progress_snapshot& known, std::int64_t producer) {
  auto fits = compare(seen, known);
  if (!fits) {
    contradict(fits.error());
    return fits;
  }
  right_.producer = producer;
  lands_at_ = settings_.transactional == transactions::yes ? seen.reading.end : -1;
  return {};
}

// Before the first transaction through a new producer: Kafka still holds what this process has committed.
asio::awaitable<result<void>> committer::prove() {
  const auto producer = to_.holding().producer;
  if (contradiction_) co_return *contradiction_;
  if (producer == right_.producer) co_return result<void>();
  fault_point("committer.unproven");
  auto seen = co_await look_at_kafka();
  if (!seen) co_return cannot_read(seen.error());
  const auto found = seen->reading.found.value_or(stored_progress{}).snapshot.state;
  // Another has claimed, or a transaction of ours that was taken for lost was committed: this term knows too little.
  if (found.sequence > held_.state.sequence && !seeded_bug("kafka-believed")) {
    co_return ahead_of_us(found, held_.state);
  }
  auto fits = believe(*seen, held_, producer);
  co_return fits;
}

// The producer's new init has settled the transaction: the progress topic now says which way (guarantee.md §4).
asio::awaitable<result<commit_receipt>> committer::ask_kafka(const progress_state& after, std::string doubt) {
  const auto producer = to_.holding().producer;
  auto seen = co_await look_at_kafka();
  if (!seen) co_return cannot_read(seen.error());
  const auto found = seen->reading.found.value_or(stored_progress{}).snapshot;
  const auto verdict = resolve_outcome(found.state, settings_.instance, held_.state.claim_owner, after.sequence);
  if (verdict == resolved_outcome::another_leads && found.state.sequence > 0)
    co_return ahead_of_us(found.state, held_.state);
  const bool committed = verdict == resolved_outcome::committed;
  const progress_snapshot wanted{after, held_.place};
  auto fits = believe(*seen, committed ? wanted : held_, producer);
  if (!fits) co_return fits.error();
  if (committed) co_return commit_receipt{after.sequence, found.place.offset};
  co_return error{errc::not_committed, doubt};
}

asio::awaitable<result<void>> committer::rehearse(std::string topic) {
  submission work;
  work.purpose = transaction_purpose::rehearsal;
  work.batch = refused_.take(topic);
  auto fate = co_await commit(std::move(work));
  co_return fate;
}

asio::awaitable<result<ledger_book>> committer::stored_ledger() {
  auto seen = co_await look_at_kafka();
  if (!seen) co_return cannot_read(seen.error());
  if (sequence_in(seen->reading) > held_.state.sequence) {
    co_return ahead_of_us(seen->reading.found->snapshot.state, held_.state);
  }
  const auto fits = compare(*seen, held_);
  if (!fits) {
    contradict(fits.error());
    co_return fits.error();
  }
  tell_kafka(nullptr);
  co_return std::move(seen->reading.found).value_or(stored_progress{}).ledger;
}

void committer::return_batches(transaction& txn, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) ready_[i]->work.batch = std::move(txn.data[i]);
}

void committer::finish(std::size_t count, const result<void>& fate) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto next = std::move(ready_.front());
    ready_.pop_front();
    next->fate = fate;
    next->done.set();
  }
}

}  // namespace oes
