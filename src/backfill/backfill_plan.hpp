#pragma once
// What a backfill has still to ask for: the range it was given, less what is covered, what is known to be empty, what
// the plan does not reach and what belongs to the live stream. Pure.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "facilities/facility_directory.hpp"
#include "groups/request_group.hpp"
#include "model/error.hpp"
#include "model/plan_limits.hpp"
#include "model/progress.hpp"

namespace oes {

enum class backfill_mode {
  fill,       ///< what is not covered
  refresh,    ///< everything again; what changed is published
  republish,  ///< everything again; all of it is published
};

/// As an operator gives it.
struct backfill_order {
  std::string stream;
  std::string metric;  ///< empty: all
  std::string from;    ///< times as typed: read_typed_time()
  std::string to;
  backfill_mode mode = backfill_mode::fill;
};

/// What is left of one request group.
struct group_backfill {
  std::size_t group = 0;                   ///< index into the deployment's groups
  std::vector<std::size_t> members;        ///< indices into its members: those that want something
  std::vector<range_set> wanted;           ///< parallel to `members`
  std::vector<time_range> windows;         ///< the oldest first: history only recedes
  std::vector<std::size_t> requests = {};  ///< parallel: one a window; of facility series as many as it has batches
};

struct backfill_plan {
  time_range asked;                          ///< on the stream's clock, in whole intervals
  std::vector<group_backfill> groups;        ///< those with something left
  std::vector<std::string> left_out;         ///< what is not asked for, and why; a line each
  std::string out_of_reach;                  ///< not empty: of these lines, what the plan's history does not hold
  bool waits_for_plan = false;               ///< something of it only a better plan than the assumed one may reach
  std::vector<member_key> unmarked;          ///< of a refresh: members of which progress does not know it yet
  std::vector<member_key> chosen;            ///< every member that the order names
  [[nodiscard]] std::size_t chunks() const;  ///< windows
  [[nodiscard]] std::size_t requests() const;
  /// Of each window, in the order in which they are asked for.
  [[nodiscard]] std::vector<std::size_t> requests_by_window() const;
};

/// The parts of a member's wanted ranges that a window asks for.
range_set wanted_in(const range_set& wanted, time_range window);

/// Where a member's own live stream begins to read again what it has read: what is older is for a backfill.
network_time followed_from(const member_progress& member);

struct backfill_question {
  const backfill_order& order;
  const std::vector<request_group>& groups;
  const std::map<member_key, member_progress>& members;  ///< as committed
  plan_limits limits;
  bool plan_is_certain;  ///< else nothing is left out for its history
  utc_time now;
  std::optional<std::chrono::seconds> smaller = {};  ///< cap on windows after trouble
  std::map<member_key, range_set> given_up = {};     ///< by this run: not asked for again
  const facility_directory* facilities = nullptr;    ///< by which facility series are asked for, where it is known
  /// followed_from() as the run began: what the live streams let go since then they have followed themselves.
  std::map<member_key, network_time> ends = {};
  std::optional<std::int64_t> share =
      {};  ///< of a day's credits, where it is known: the requests of a window go together
};

/// refused: no such stream or metric, a time that is none, an empty range, a window that no day's credits pay.
result<backfill_plan> plan_backfill(const backfill_question& question);

}  // namespace oes
