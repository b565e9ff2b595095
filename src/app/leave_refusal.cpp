#include "app/leave_refusal.hpp"

#include <chrono>
#include <utility>

#include "async/race.hpp"
#include "async/timer.hpp"
#include "commit/draft.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

// Kafka's history does not lead to what is known.
bool lacks(const progress_reading& there, const progress_state& known) {
  if (there.found->snapshot.state.sequence < known.sequence) return true;
  const auto chain = there.chains.find(known.sequence);
  return chain != there.chains.end() && !known.chain.empty() && chain->second != known.chain;
}

bool is_said_already(const progress_reading& there) {
  const auto& said = there.found->snapshot.state.refused;
  return said && said->stands(there.broken_at);
}

constexpr int most_tries = 3;
constexpr auto patience_with_the_leader = std::chrono::seconds(4);

// A lost lease is a standby's already, and an end must not wait for a Kafka that does not answer.
asio::awaitable<result<progress_reading>> read_in_time(const refusing_leader& from) {
  auto loading = from.store.load();
  auto losing = from.publisher.lost();
  auto waiting = pause_for(patience_with_the_leader);
  auto racing = race(std::move(loading), std::move(losing), std::move(waiting));
  auto first = co_await std::move(racing);
  if (first.index() == 1) co_return error{errc::fenced, "leadership was lost"};
  if (first.index() == 2) co_return error{errc::kafka_unavailable, "the progress topic could not be read in time"};
  co_return std::get<0>(std::move(first));
}

// Once. The producer may be another by now, or a broker that lags behind was read: then it is tried again.
asio::awaitable<result<void>> try_to_leave(const refusing_leader& from, const progress_snapshot& known,
                                           const error& why) {
  // Before the reading: what is written goes behind what was read.
  const auto under = from.publisher.current_authority();
  auto there = co_await read_in_time(from);
  if (!there) co_return there.error();
  if (!there->found || there->cluster_id != known.place.cluster_id) co_return result<void>();
  if (!lacks(*there, known.state) || is_said_already(*there)) co_return result<void>();
  const auto& held = there->found->snapshot.state;
  auto made = draft_refusal({held, held.written, from.instance.id, from.instance.host},
                            {known.state.last_version, from.instance.id, why.context});
  made.txn.under = under;
  const bool transactional = from.settings.delivery == delivery_guarantee::exactly_once;
  made.txn.lands_at = transactional ? there->end : -1;
  const auto written = co_await from.publisher.publish(made.txn);
  if (!written) co_return written.error();
  co_return result<void>();
}

}  // namespace

asio::awaitable<void> leave_refusal(refusing_leader from, const progress_snapshot& known, const error& why) {
  if (known.place.topic != progress_topic(from.settings)) co_return;
  result<void> left;
  for (int tries = 0; tries < most_tries; ++tries) {
    auto trying = try_to_leave(from, known, why);
    left = co_await std::move(trying);
    if (left || (left.error().code != errc::not_begun && left.error().code != errc::not_committed)) break;
  }
  if (!left) {
    from.log.warn("that this instance refuses could not be left for the others", {{"reason", left.error().context}});
  }
}

}  // namespace oes
