#pragma once
// What a term of leadership has of the daemon, or of a command that leads for one job, and what is known from one term
// to the next.
#include <chrono>
#include <map>
#include <optional>

#include "app/backfill_report.hpp"
#include "app/parts.hpp"
#include "app/request_queue.hpp"
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

/// What the estimate of a backfill goes by.
backfill_outlook outlook_of(const term_context& context);

}  // namespace oes
