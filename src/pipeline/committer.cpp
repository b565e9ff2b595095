#include "pipeline/committer.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <iterator>
#include <set>

#include "model/fault_point.hpp"
#include "pipeline/judgement.hpp"
#include "progress/head_record.hpp"
#include "progress/ledger_codec.hpp"
#include "progress/member_records.hpp"
#include "progress/progress_changes.hpp"
#include "progress/progress_codec.hpp"
#include "progress/unexpected_record.hpp"

namespace oes {

namespace asio = boost::asio;

committer::committer(committer_settings settings, progress_snapshot start_from, publisher& to, progress_store& store,
                     const asio::any_io_executor& loop, logger& log, transaction_observer observe)
    : settings_(std::move(settings)),
      held_(std::move(start_from)),
      to_(to),
      store_(store),
      loop_(loop),
      log_(log),
      observe_(std::move(observe)),
      versions_(held_.state.last_version),
      queue_(loop, settings_.queue_bound),
      closed_(loop) {}

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

asio::awaitable<result<void>> committer::claim_amended(const amendment& change) {
  progress_state after = amended(held_.state, change);
  after.generation += 1;
  after.claim_owner = settings_.instance;
  transaction txn = make_amendment(held_.state, after, change, settings_.instance);
  auto claim = encode_claim(settings_.instance, settings_.host, after.generation, after.sequence, after.last_version);
  txn.progress.push_back(std::move(claim));
  seal(txn, held_.state, after, told_);
  auto settled = co_await settle(txn, std::move(after));
  if (settled) versions_ = version_counter(std::max(versions_.last(), held_.state.last_version));
  co_return settled;
}

asio::awaitable<result<void>> committer::amend(const amendment& change) {
  progress_state after = amended(held_.state, change);
  transaction txn = make_amendment(held_.state, after, change, settings_.instance);
  seal(txn, held_.state, after, told_);
  auto settled = co_await settle(txn, std::move(after));
  if (settled) versions_ = version_counter(std::max(versions_.last(), held_.state.last_version));
  co_return settled;
}

asio::awaitable<result<void>> committer::commit(submission work) {
  // Shared with run(): a caller that is cancelled leaves its frame, and the committer still works with what it handed in.
  auto mine = std::make_shared<waiting>(std::move(work), loop_);
  auto lent = mine;
  auto [refused] = co_await queue_.async_send({}, std::move(lent), asio::as_tuple(asio::use_awaitable));
  if (refused) co_return error{errc::stopped, "the committer is closed", {}, 0};
  const bool settled = co_await mine->done.wait();
  if (!settled) co_return error{errc::stopped, "stopped while a commit was under way; its end is not known", {}, 0};
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
  finish(ready_.size(), error{errc::stopped, "the committer has failed", {}, 0});
}

asio::awaitable<void> committer::serve() {
  while (true) {
    if (ready_.empty()) {
      auto [ended, first] = co_await queue_.async_receive(asio::as_tuple(asio::use_awaitable));
      if (ended) co_return;
      ready_.push_back(std::move(first));
    }
    take_what_waits();
    const auto count = count_that_fit();
    settings_.work.begins(committer_coroutine, in_hand(count));
    progress_state after = held_.state;
    transaction txn = make_transaction(count, after);
    auto settled = co_await settle(txn, std::move(after));
    settings_.work.begins(committer_coroutine, {});
    const bool final = settled || settled.error().code == errc::fenced || settled.error().code == errc::stopped;
    if (final) {
      finish(count, settled);
      continue;
    }
    return_batches(txn, count);
    log_.warn("a transaction was not committed; its records will be sent again",
              {{"reason", settled.error().context}, {"batches", count}});
    const bool closing = co_await closed_.wait_for(settings_.retry_pause);
    if (closing) finish(ready_.size(), error{errc::stopped, settled.error().context, {}, 0});
  }
}

void committer::take_what_waits() {
  while (queue_.try_receive([this](boost::system::error_code failed, std::shared_ptr<waiting> next) {
    if (!failed) ready_.push_back(std::move(next));
  })) {
  }
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

std::size_t committer::count_that_fit() const {
  if (settings_.one_by_one()) return 1;
  std::size_t count = 0;
  std::size_t records = 0;
  std::size_t bytes = 0;
  for (const auto& next : ready_) {
    records += next->work.batch.records.size();
    bytes += next->work.batch.bytes.size();
    if (count > 0 && (records > settings_.transaction.records || bytes > settings_.transaction.bytes)) break;
    ++count;
  }
  return count;
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
  if (seeded_bug("mirror-before-commit")) static_cast<void>(store_.mirror({after, held_.place}));
  fault_point("committer.before-publish");
  auto receipt = co_await to_.publish(txn);
  if (!receipt && receipt.error().code == errc::outcome_unknown) {
    log_.warn("the outcome of a commit is unknown; reading the progress topic to its end",
              {{"sequence", txn.sequence}, {"reason", receipt.error().context}});
    fault_point("committer.unknown");
    std::string doubt = receipt.error().context;
    auto settled = co_await ask_kafka(txn.sequence, std::move(doubt));
    receipt = std::move(settled);
  }
  const auto took = steady_now() - began;
  if (!receipt) {
    observe_(name(receipt.error().code), took, records);
    co_return receipt.error();
  }
  told_ = std::move(held_.state.ends);
  held_.state = std::move(after);
  held_.place.offset = receipt->progress_offset;
  raise(held_.state.ends, receipt->data);
  fault_point("committer.before-mirror");
  auto mirrored = store_.mirror(held_);
  if (!mirrored) log_.warn("progress.json could not be written; going on", {{"reason", mirrored.error().context}});
  fault_point("committer.mirrored");
  observe_("committed", took, records);
  co_return result<void>();
}

// The producer's new init has settled the transaction: the progress topic now says which way (delivery.md §5). Until it
// can be read nothing may be sent: the same records could already be there.
asio::awaitable<result<commit_receipt>> committer::ask_kafka(std::int64_t sequence, std::string doubt) {
  while (true) {
    auto loaded = co_await store_.load();
    if (loaded) {
      const auto found = loaded->value_or(stored_progress{}).snapshot;
      switch (judge(found.state, settings_.instance, held_.state.claim_owner, sequence)) {
        case judgement::committed:
          co_return commit_receipt{sequence, found.place.offset};
        case judgement::not_committed:
          co_return error{errc::not_committed, doubt, {}, 0};
        case judgement::another_leads:
          co_return error{
              errc::fenced, "another instance has claimed the deployment: " + found.state.claim_owner, {}, 0};
      }
    }
    log_.warn("the progress topic cannot be read yet", {{"reason", loaded.error().context}});
    const bool closing = co_await closed_.wait_for(settings_.retry_pause);
    if (closing)
      co_return error{errc::stopped, "stopped while an outcome was unknown; the next start settles it", {}, 0};
  }
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
