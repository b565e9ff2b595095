#include "commit/evidence.hpp"

#include <utility>

#include "async/race.hpp"
#include "commit/resolve_outcome.hpp"
#include "model/fault_point.hpp"
#include "progress/reconcile.hpp"

namespace oes {

namespace asio = boost::asio;

evidence::evidence(evidence_settings settings, std::int64_t lands_at, publisher& publishes, progress_store& store,
                   session_end& ends, const asio::any_io_executor& loop, std::function<void(const error& why)> told)
    : settings_(std::move(settings)),
      publisher_(publishes),
      look_(store, settings_.look, settings_.is_written, std::move(told)),
      session_end_(ends),
      proven_(publishes.current_authority()),
      lands_at_(lands_at),
      contradicted_(loop) {}

namespace {

// What was written where is not known; that so much was there is.
last_offsets reached(next_offsets next) {
  for (auto& [topic, partitions] : next) {
    std::erase_if(partitions, [](const auto& one) { return one.second <= 0; });
    for (auto& [partition, offset] : partitions) --offset;
  }
  return next;
}

}  // namespace

asio::awaitable<result<kafka_view>> evidence::look(const progress_snapshot& held) {
  auto looking = look_.at(held);
  auto ending = session_end_.comes();
  auto racing = race(std::move(looking), std::move(ending));
  auto first = co_await std::move(racing);
  if (first.index() == 1) co_return std::get<1>(std::move(first));
  co_return std::get<0>(std::move(first));
}

error evidence::cannot_read(const error& why) {
  if (why.code == errc::damaged) contradict(unreadable_topic(why, settings_.progress_topic));
  if (why.code == errc::refused) contradict(why);
  return contradiction_.value_or(why);
}

void evidence::contradict(error why) {
  if (!contradiction_) contradiction_ = std::move(why);
  contradicted_.set();
}

result<void> evidence::believe(const kafka_view& seen, const progress_snapshot& known, std::int64_t producer) {
  auto fits = compare(seen, known);
  if (!fits) {
    contradict(fits.error());
    return fits;
  }
  proven_.producer = producer;
  lands_at_ = settings_.transactional == transactions::yes ? seen.reading.end : -1;
  return {};
}

asio::awaitable<result<void>> evidence::prove(const progress_snapshot& held) {
  const auto producer = publisher_.current_authority().producer;
  if (contradiction_) co_return *contradiction_;
  if (producer == proven_.producer) co_return result<void>();
  fault_point("committer.unproven");
  auto seen = co_await look(held);
  if (!seen) co_return cannot_read(seen.error());
  const auto found = seen->reading.found.value_or(stored_progress{}).snapshot.state;
  // Another has claimed, or a transaction of ours that was taken for lost was committed: this term knows too little.
  if (found.sequence > held.state.sequence && !seeded_bug("kafka-believed")) co_return ahead_of_us(found, held.state);
  auto fits = believe(*seen, held, producer);
  co_return fits;
}

asio::awaitable<result<commit_receipt>> evidence::outcome_of(const progress_state& after, const progress_snapshot& held,
                                                             std::string doubt) {
  const auto producer = publisher_.current_authority().producer;
  auto seen = co_await look(held);
  if (!seen) co_return cannot_read(seen.error());
  const auto found = seen->reading.found.value_or(stored_progress{}).snapshot;
  const auto verdict = resolve_outcome(found.state, settings_.instance, held.state.claim_owner, after.sequence);
  if (verdict == resolved_outcome::another_leads && found.state.sequence > 0)
    co_return ahead_of_us(found.state, held.state);
  const bool committed = verdict == resolved_outcome::committed;
  // What an operator's command starts from need not be what Kafka holds.
  if (!committed && held.place.offset < 0) co_return error{errc::not_committed, doubt};
  const progress_snapshot wanted{after, held.place};
  auto fits = believe(*seen, committed ? wanted : held, producer);
  if (!fits) co_return fits.error();
  if (committed) co_return commit_receipt{after.sequence, found.place.offset, -1, reached(seen->ends)};
  co_return error{errc::not_committed, doubt};
}

asio::awaitable<result<ledger_book>> evidence::stored_ledger(const progress_snapshot& held) {
  // Others go on committing while it looks: what it finds must hold what was committed when it began, and may hold
  // more.
  const progress_snapshot known = held;
  auto seen = co_await look(known);
  if (!seen) co_return cannot_read(seen.error());
  if (sequence_in(seen->reading) > held.state.sequence)
    co_return ahead_of_us(seen->reading.found->snapshot.state, held.state);
  const auto fits = compare(*seen, known);
  if (!fits) {
    contradict(fits.error());
    co_return fits.error();
  }
  co_return std::move(seen->reading.found).value_or(stored_progress{}).ledger;
}

}  // namespace oes
