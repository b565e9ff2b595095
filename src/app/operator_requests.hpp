#pragma once
// Operators' requests within a term: what it does with them while no group is under way, and
// what it answers at once.
#include <boost/asio/awaitable.hpp>
#include <optional>

#include "app/term.hpp"
#include "commit/committer.hpp"
#include "model/ledger.hpp"

namespace oes {

/// Does every job that waits; no group may be on its way. The ledger as it is committed afterwards, for the groups to
/// open from; nullopt: this process does not lead any more.
boost::asio::awaitable<std::optional<ledger_book>> serve_requests(term_context& context, committer& to);

/// A job that changes nothing: show, or what a change would do and cost.
job_answer read_only(const term_context& context, const committer& to, const job& asked);

}  // namespace oes
