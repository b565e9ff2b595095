#include "commit/committer.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "async/race.hpp"
#include "model/fault_point.hpp"

namespace oes {

namespace asio = boost::asio;

namespace {

// Kafka as a whole works: it has taken it, or said what it does not take.
bool answered(const result<void>& fate) { return fate || is_refusal(fate.error()); }

// To who handed in, a topic that takes no record of that size is a topic that refuses; what is too much in time may be
// tried again.
result<void> as_refusal(const result<void>& fate) {
  if (fate || fate.error().code != errc::too_large) return fate;
  error why = fate.error();
  why.code = is_refusal(why) ? errc::kafka_refused : errc::not_committed;
  return why;
}

std::size_t records_in(const transaction& txn) {
  std::size_t records = 0;
  for (const auto& batch : txn.data) records += batch.records.size();
  return records;
}

}  // namespace

committer::committer(committer_settings settings, progress_snapshot start_from, std::int64_t lands_at,
                     publisher& publishes, progress_store& store, const asio::any_io_executor& loop, logger& log,
                     transaction_observer observe)
    : settings_(std::move(settings)),
      held_(std::move(start_from)),
      recorded_(std::move(settings_.recorded)),
      publisher_(publishes),
      store_(store),
      log_(log),
      observe_(std::move(observe)),
      versions_(held_.state.last_version),
      waiting_(loop, settings_.queue_bound),
      closed_(loop),
      session_end_(publishes, closed_, settings_.stop),
      evidence_(
          {settings_.instance, settings_.progress_topic, settings_.look, settings_.transactional, settings_.is_written},
          lands_at, publishes, store, session_end_, loop, [this](const error& why) { tell_kafka(&why); }),
      packing_({settings_.transaction, settings_.message_timeout}, settings_.progress_topic),
      hurry_(loop) {}

draft_base committer::base() const {
  draft_base out{held_.state, recorded_, settings_.instance, settings_.host, held_.state.credits};
  if (settings_.credits) out.credits = settings_.credits();
  if (settings_.unexpected) out.unexpected = settings_.unexpected();
  return out;
}

asio::awaitable<result<void>> committer::claim(std::vector<std::pair<member_key, member_progress>> members) {
  fault_point("committer.before-claim");
  if (seeded_bug("no-claim")) {
    held_.state.members.insert(members.begin(), members.end());  // a patch needs a member to be applied to
    co_return result<void>();
  }
  auto made = draft_claim(base(), std::move(members));
  auto settled = co_await settle(made);
  co_return as_refusal(settled);
}

asio::awaitable<result<void>> committer::claim_edited(const progress_commit& change) {
  auto made = draft_edited_claim(base(), change);
  auto settled = co_await settle_edit(std::move(made));
  co_return settled;
}

asio::awaitable<result<void>> committer::commit_edit(const progress_commit& change) {
  auto proven = co_await evidence_.prove(held_);
  if (!proven) co_return proven;
  auto made = draft_edit(base(), change);
  auto settled = co_await settle_edit(std::move(made));
  co_return settled;
}

// An edit may raise the versions.
asio::awaitable<result<void>> committer::settle_edit(draft change) {
  auto settled = co_await settle(change);
  if (settled) versions_ = version_counter(std::max(versions_.last(), held_.state.last_version));
  co_return as_refusal(settled);
}

void committer::retry_failures() { hurry_.clear(); }

void committer::hand_back_failures() { hurry_.set(); }

void committer::close() {
  closed_.set();
  waiting_.close();
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
  waiting_.take_what_waits();
  close();
  waiting_.finish_all(error{errc::stopped, "the committer has failed"});
}

asio::awaitable<void> committer::serve() {
  while (true) {
    busy_since_.reset();
    const bool any = co_await waiting_.wait();
    if (!any) co_return;
    busy_since_ = steady_now();
    auto proven = co_await evidence_.prove(held_);
    if (!proven) {
      waiting_.finish_all(proven);
      continue;
    }
    if (waiting_.front().purpose == transaction_purpose::rehearsal) {
      co_await rehearse_first();
      continue;
    }
    co_await commit_first(count_that_travels());
  }
}

std::size_t committer::count_that_travels() const {
  if (settings_.one_by_one()) return 1;
  return packing_.count(waiting_.parcels());
}

std::vector<work_in_hand> committer::in_hand(std::size_t count) const {
  std::vector<work_in_hand> out;
  for (const auto* one : waiting_.first(count)) {
    if (one->work) out.push_back(*one->work);
  }
  return out;
}

asio::awaitable<void> committer::commit_first(std::size_t count) {
  settings_.work.begins(committer_coroutine, in_hand(count));
  const auto works = waiting_.first(count);
  auto made = draft_work(base(), works, versions_.last());
  const auto began = steady_now();
  auto settled = co_await settle(made);
  settings_.work.begins(committer_coroutine, {});
  const bool final = settled || settled.error().code == errc::fenced || settled.error().code == errc::stopped ||
                     settled.error().code == errc::refused;
  if (!final) {
    return_batches(made.txn, works);
    error why = settled.error();
    auto repairing = after_failure(count, made.txn, std::move(why));
    co_await std::move(repairing);
    co_return;
  }
  if (settled) {
    failures_ = 0;
    packing_.committed(waiting_.parcels(count), steady_now() - began);
    tell_kafka(nullptr);
  }
  waiting_.finish(count, settled);
}

// What its recovery is tried with, and under which name.
void committer::keep_refused(const transaction& tried, const error& why) {
  auto& first = waiting_.front();
  if (why.topic != settings_.progress_topic) {
    refused_.keep(why.topic, std::move(first.batch));
  } else if (first.work) {
    refused_.keep_as(progress_of(first.work->of), why.topic, progress_as_data(tried, why.topic));
  }
}

// Kafka's trouble is waited for; a stream's own is not, so that the others go on.
asio::awaitable<void> committer::after_failure(std::size_t count, const transaction& tried, error why) {
  const auto verdict = packing_.failed(waiting_.parcels(count), why);
  log_.debug("a transaction was not committed", {{"reason", why.context}, {"batches", count}});
  switch (verdict) {
    case after_failure_verdict::repeat:
      co_return;
    case after_failure_verdict::give_back:
      if (is_refusal(why)) tell_kafka(nullptr);
      why.code = errc::kafka_refused;
      keep_refused(tried, why);
      waiting_.finish(1, why);
      co_return;
    case after_failure_verdict::cut_anew:
      tell_kafka(&why);
      waiting_.finish(1, error{errc::not_committed, why.context});
      co_return;
    case after_failure_verdict::put_last:
      waiting_.put_first_last();
      break;
    case after_failure_verdict::wait_and_repeat:
      break;
  }
  tell_kafka(&why);
  constexpr int most_doublings = 16;
  const auto span =
      std::min(settings_.retry_pause * (1 << std::min(failures_++, most_doublings)), settings_.longest_pause);
  auto pausing = session_end_.comes_within(span);
  auto hurrying = hurry_.wait();
  auto racing = race(std::move(pausing), std::move(hurrying));
  auto first = co_await std::move(racing);
  const auto over = first.index() == 0 ? std::get<0>(first) : std::nullopt;
  if (over) {
    waiting_.finish_all(error{over->code, why.context});
  } else if (hurry_.is_set()) {
    waiting_.finish_all(error{errc::stopped, why.context});
    packing_.forget();
  }
}

asio::awaitable<void> committer::rehearse_first() {
  transaction txn;
  txn.sequence = held_.state.sequence;
  txn.purpose = transaction_purpose::rehearsal;
  txn.data.push_back(std::move(waiting_.front().batch));
  auto taken = co_await publish_compared(txn);
  result<void> fate;
  if (!taken) {
    fate = taken.error();
    const auto& tried = txn.data.front();
    const std::string topic = tried.topics[tried.records.front().topic];
    const auto& whose = waiting_.front().work;
    refused_.keep_as(whose ? progress_of(whose->of) : topic, topic, std::move(txn.data.front()));
  }
  if (answered(fate)) tell_kafka(nullptr);
  waiting_.finish(1, as_refusal(fate));
}

void committer::tell_kafka(const error* why) {
  if (settings_.kafka) settings_.kafka(why);
}

// One transaction to the end of every doubt. Afterwards `held_` is what Kafka holds, unless this term has to end
// (fenced, stopped, refused): the next one reads.
asio::awaitable<result<void>> committer::settle(draft& made) {
  const auto began = steady_now();
  if (seeded_bug("mirror-before-commit")) {
    auto early = store_.mirror({made.after, held_.place});
    const auto told = co_await std::move(early);
    static_cast<void>(told);
  }
  auto sending = publish_and_resolve(made);
  auto receipt = co_await std::move(sending);
  const auto took = steady_now() - began;
  if (!receipt) {
    observe_(name(receipt.error().code), took, records_in(made.txn));
    if (receipt.error().code == errc::refused) evidence_.contradict(receipt.error());
    co_return receipt.error();
  }
  co_await accept(std::move(made.after), *receipt);
  observe_("committed", took, records_in(made.txn));
  co_return result<void>();
}

asio::awaitable<result<commit_receipt>> committer::publish_and_resolve(draft& made) {
  auto& txn = made.txn;
  fault_point("committer.before-publish");
  txn.progress_end = held_.place.offset;
  txn.written = held_.state.written;
  auto receipt = co_await publish_compared(txn);
  // Where the outcome was read from the topic, that says where the next one lands.
  if (receipt && receipt->begin_offset >= 0) evidence_.sent();
  if (receipt || receipt.error().code != errc::outcome_unknown) co_return receipt;
  log_.warn("the outcome of a commit is unknown; reading the progress topic to its end",
            {{"sequence", txn.sequence}, {"reason", receipt.error().context}});
  fault_point("committer.unknown");
  std::string doubt = receipt.error().context;
  auto settled = co_await evidence_.outcome_of(made.after, held_, std::move(doubt));
  co_return settled;
}

// A producer that was replaced just now (it was idle, or Kafka did not answer it) is no failure of what it was to
// carry: Kafka is compared, as before each new producer's first transaction, and the same is sent.
asio::awaitable<result<commit_receipt>> committer::publish_compared(transaction& txn) {
  while (true) {
    txn.under = evidence_.proven_authority();
    txn.lands_at = evidence_.lands_at();
    auto receipt = co_await publisher_.publish(txn);
    const bool begun = receipt || receipt.error().code != errc::not_begun;
    if (begun || seeded_bug("not-begun-is-a-failure")) co_return receipt;
    // What an operator's command starts from was read by nobody from Kafka alone: it begins anew.
    if (held_.place.offset < 0) co_return error{errc::not_committed, receipt.error().context};
    auto proven = co_await evidence_.prove(held_);
    if (!proven) co_return proven.error();
  }
}

// It is committed: in memory, and mirrored.
asio::awaitable<void> committer::accept(progress_state after, const commit_receipt& receipt) {
  recorded_ = std::move(held_.state.written);
  held_.state = std::move(after);
  held_.place.offset = receipt.progress_offset;
  raise(held_.state.written, receipt.data);
  fault_point("committer.before-mirror");
  co_await mirror_and_tell();
  fault_point("committer.mirrored");
}

asio::awaitable<void> committer::mirror_and_tell() {
  const auto mirrored = co_await mirror();
  is_mirrored_ = mirrored.has_value();
  const error why_not = mirrored ? error{} : mirrored.error();
  if (settings_.mirror && why_not.code != errc::stopped) settings_.mirror(mirrored ? nullptr : &why_not);
}

asio::awaitable<void> committer::mirror_again(event& over) {
  while (true) {
    const bool ended = co_await over.wait_for(settings_.mirrored_again_after);
    if (ended) co_return;
    if (!is_mirrored_ && !busy_since_) co_await mirror_and_tell();
  }
}

// A stop does not wait for the disk: what is handed in is written by the process's end.
asio::awaitable<result<void>> committer::mirror() {
  auto mirroring = store_.mirror(held_);
  if (settings_.stop == nullptr) {
    auto mirrored = co_await std::move(mirroring);
    co_return mirrored;
  }
  auto stopping = settings_.stop->wait();
  auto racing = race(std::move(mirroring), std::move(stopping));
  auto first = co_await std::move(racing);
  if (first.index() == 0) co_return std::get<0>(std::move(first));
  co_return error{errc::stopped, "stopped while progress.json was written"};
}

asio::awaitable<result<void>> committer::rehearse(std::string topic) {
  submission work;
  work.purpose = transaction_purpose::rehearsal;
  work.batch = refused_.take(topic);
  auto fate = co_await commit(std::move(work));
  co_return fate;
}

asio::awaitable<result<void>> committer::rehearse_progress(work_key whose) {
  submission work;
  work.purpose = transaction_purpose::rehearsal;
  work.batch = refused_.take_as(progress_of(whose), settings_.progress_topic);
  work.work = work_in_hand{std::move(whose)};
  auto fate = co_await commit(std::move(work));
  co_return fate;
}

asio::awaitable<result<ledger_book>> committer::stored_ledger() {
  auto ledger = co_await evidence_.stored_ledger(held_);
  if (ledger) tell_kafka(nullptr);
  co_return std::move(ledger);
}

}  // namespace oes
