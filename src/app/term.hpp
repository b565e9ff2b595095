#pragma once
// One term of leadership: topics → lead → read progress → reconcile → claim → groups (guarantee.md §3). Who runs terms
// resigns between them.
#include <boost/asio/awaitable.hpp>
#include <map>

#include "app/parts.hpp"
#include "app/request_queue.hpp"
#include "model/error.hpp"
#include "model/plan_limits.hpp"
#include "model/progress.hpp"
#include "progress/credit_file.hpp"
#include "progress/progress_file.hpp"
#include "progress/reconcile.hpp"
#include "schedule/rationing.hpp"

namespace oes {

class config_reload;

enum class run_mode {
  forever,
  once,
  backfill,  ///< no groups: the one job on the requests, then over
  edit,      ///< the change on the requests is made with the claim, whatever Kafka and the file say; then over
};

struct term_context {
  parts& all;
  request_queue& requests;  ///< where operators' jobs wait
  found_progress known;  ///< what Kafka must hold: the file as found at start, later what this process last committed
  plan_limits limits;    ///< groups look here each time: `/me` may tell of another plan while they run
  rationing& budget;
  run_mode mode = run_mode::forever;
  config_reload* reload = nullptr;  ///< of run_mode::forever
  bool fresh_allowed = false;
  /// In this term, at a `start:` that was resolved by a clock that nothing had confirmed, and by what the plan was
  /// taken for: when.
  std::map<member_key, moment> begun = {};
  witness by = witness::file;
  api_account asked_as = {};                             ///< whose what is known of plan and credits is
  std::map<member_key, double> density = {};             ///< series that a label has, as far as the ledger tells
  std::optional<std::chrono::seconds> lead_within = {};  ///< none: leadership is waited for as long as it takes
};

struct term_report {
  bool lost = false;              ///< leadership went elsewhere: another term may come
  std::size_t failed_groups = 0;  ///< `once` only
};

/// Errors: refused, damaged and kafka_refused (an operator has to act); kafka_unavailable, not_committed and fenced
/// (try again); stopped.
boost::asio::awaitable<result<term_report>> run_term(term_context& context);

}  // namespace oes
