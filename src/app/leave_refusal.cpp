#include "app/leave_refusal.hpp"

#include <utility>

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
  return said && there.broken_at <= said->last_version;
}

}  // namespace

asio::awaitable<void> leave_refusal(parts& all, const progress_snapshot& known, const error& why) {
  auto there = co_await all.store->load();
  if (!there || !there->found || there->cluster_id != known.place.cluster_id) co_return;
  if (!lacks(*there, known.state) || is_said_already(*there)) co_return;
  const auto& held = there->found->snapshot.state;
  auto made = draft_refusal({held, held.ends, all.instance.id, all.instance.host},
                            {known.state.last_version, all.instance.id, why.context});
  made.txn.under = all.to->current_authority();
  const bool transactional = all.config.publish.delivery == delivery_guarantee::exactly_once;
  made.txn.lands_at = transactional ? there->end : -1;
  const auto written = co_await all.to->publish(made.txn);
  if (!written) {
    all.log.warn("that this instance refuses could not be left for the others", {{"reason", written.error().context}});
  }
}

}  // namespace oes
