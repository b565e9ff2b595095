#pragma once
// Operators' requests within a term: what it does with them while no group is under way, and
// what it answers at once.
#include <boost/asio/awaitable.hpp>
#include <map>
#include <optional>
#include <vector>

#include "app/config_reload.hpp"
#include "app/request_queue.hpp"
#include "async/clock.hpp"
#include "async/event.hpp"
#include "commit/committer.hpp"
#include "config/configuration.hpp"
#include "groups/request_group.hpp"
#include "model/ledger.hpp"
#include "model/plan_limits.hpp"
#include "progress/credit_file.hpp"
#include "schedule/rationing.hpp"
#include "telemetry/log.hpp"

namespace oes {

/// What operators' changes are made with.
struct change_context {
  request_queue& requests;
  const configuration& config;
  const std::vector<request_group>& groups;
  const time_source& clock;
  logger& log;
  event& stop;
  const rationing& budget;
  const plan_limits& limits;
  const api_account& asked_as;          ///< whose that is
  std::map<member_key, moment>& begun;  ///< members whose `start:` may still move (term_context)
  config_reload* reload;                ///< of a daemon
};

/// Does every job that waits; no group may be on its way. The ledger as it is committed afterwards, for the groups to
/// open from; nullopt: this process does not lead any more.
boost::asio::awaitable<std::optional<ledger_book>> serve_requests(change_context context, committer& to);

/// A job that changes nothing: show, or what a change to progress would do and cost.
job_answer read_only(const change_context& context, const committer& to, const job& asked);

}  // namespace oes
