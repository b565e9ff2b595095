#pragma once
// What is done for as long as this instance leads: groups, the list of facilities, what goes on beside them, and
// operators' changes, for which the groups pause.
#include <boost/asio/awaitable.hpp>

#include "app/term_context.hpp"
#include "commit/committer.hpp"
#include "model/ledger.hpp"

namespace oes {

struct term_report {
  bool lost = false;              ///< leadership went elsewhere: another term may come
  std::size_t failed_groups = 0;  ///< `once` only
};

/// From a claim that is committed until leadership is lost, Kafka contradicts, or the daemon stops; in run_mode::once
/// and run_mode::backfill until all is done. `ledger`: what is committed.
boost::asio::awaitable<term_report> serve_until_lost(term_context& context, committer& to, ledger_book ledger);

}  // namespace oes
