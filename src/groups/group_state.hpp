#pragma once
// What a request group knows between its cycles, and the plan of one. Pure.
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "groups/apart_topics.hpp"
#include "groups/look_back.hpp"
#include "groups/request_group.hpp"
#include "groups/window_trouble.hpp"
#include "model/moment.hpp"
#include "model/plan_limits.hpp"
#include "model/progress.hpp"
#include "records/ledger.hpp"
#include "schedule/rationing.hpp"
#include "schedule/turns.hpp"
#include "schedule/window_planner.hpp"

namespace oes {

/// Nothing came of a member for a whole window: newer data is looked for, in the widest windows that the plan allows.
/// Where it stands moves with data alone; once it moves, the search is over.
struct search {
  network_time position;  ///< where the member stands
  network_time from;      ///< nothing was found before
};

struct turn_trouble {
  window_trouble news;
  window_trouble deep_reread;  ///< windows for news are not made smaller for it
};

struct group_state {
  /// Parallel to request_group::members. A copy: what the committer holds is the truth, and reload_committed() takes it
  /// over before each cycle.
  std::vector<member_progress> members;
  std::vector<std::optional<moment>> begun_here;  ///< parallel to it: when its `start:` was resolved, if in this term
  std::vector<ledger> ledgers;                    ///< parallel to `members`
  look_back re_reads;
  std::map<std::size_t, search> searches;         ///< by member
  std::map<turn, turn_trouble> trouble;           ///< what those of one turn meet makes no window of the other smaller
  std::optional<std::chrono::seconds> batch_cap;  ///< facility series: the cap that suits the list of facilities
  std::set<std::size_t> apart;                    ///< members whose topic Kafka refuses: left out meanwhile
  std::size_t requests = 1;                       ///< that the last poll took
  std::size_t answer_bytes = 0;                   ///< of the cycle's answer, as it was read
};

/// What a group plans by: what time it is for it, and what the key's plan allows.
struct plan_context {
  network_time now;  ///< to which a group may read: request_group::now()
  plan_limits limits;
  std::chrono::seconds hole_after{};
};

/// A request's window and the members (indices) that take part in it.
struct group_plan {
  turn of = turn::live;
  /// By which it was planned; once it is answered the time is the answer's.
  plan_context context = {};
  time_window window;
  std::vector<std::size_t> members;
  std::vector<std::string> metrics;  ///< theirs, each once: two streams of a group may share one
  /// What its request is granted for. Those far behind leave the credits to others of their group that are at the live
  /// edge, but for a tenth of the day.
  spend_on purpose = spend_on::live;
  /// For whom it also reads again what goes with each poll, and where that begins.
  std::map<std::size_t, network_time> with_poll;
  bool others_wait = false;   ///< there are members of the other turn
  bool reaches_edge = false;  ///< the window reaches the newest data that the API can have
  bool deep_reread = false;   ///< a re-read is part of it, or all of it
  bool old_only = false;      ///< all of it was read before: one window of a re-read that needs several
  bool is_read_once = false;  ///< later polls do not read the window again
  bool had_trouble = false;   ///< windows of its kind came back unusable
  /// Of 1h and more: trouble has left out the bucket after the news, which would show that they are whole.
  bool lacks_proof = false;
  bool proof_is_unreadable = false;  ///< and that bucket cannot be read: only age tells
  network_time planned{};            ///< when: what changed later may not be in its answer
  std::chrono::seconds settles{};    ///< so long after its end nothing comes any more
  time_range asked;                  ///< the window in labels; what a live query can bring is known with its answer
  std::vector<std::string> doubted;  ///< known with the answer: metrics with labels ahead of its own time
};

/// Between two cycles the members are what is committed: others may have added to them (a backfill).
void reload_committed(const request_group& group, group_state& state,
                      const std::map<member_key, member_progress>& committed);

/// Why the member is set apart: its topic is, or what the group writes to the progress topic. nullptr: it is not.
const apart_topic* why_apart(const request_group& group, const tracked_metric& member, const apart_topics& topics);

/// Notes which members are set apart.
void see_who_is_apart(const request_group& group, group_state& state, const apart_topics& topics);

}  // namespace oes
