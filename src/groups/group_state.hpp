#pragma once
// What a request group knows between its cycles, and the pure steps of its poll cycle that need it.
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "groups/look_back.hpp"
#include "groups/request_group.hpp"
#include "groups/window_trouble.hpp"
#include "model/answer.hpp"
#include "model/member_patch.hpp"
#include "model/moment.hpp"
#include "model/plan_limits.hpp"
#include "model/progress.hpp"
#include "records/ledger.hpp"
#include "schedule/advance.hpp"
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

/// A request's window and the members (indices) that take part in it.
struct group_plan {
  turn of = turn::live;
  time_window window;
  std::vector<std::size_t> members;
  /// For whom it also reads again what goes with each poll, and where that begins.
  std::map<std::size_t, network_time> with_poll;
  bool others_wait = false;   ///< there are members of the other turn
  bool reaches_edge = false;  ///< the window reaches the newest data that the API can have
  bool deep_reread = false;   ///< a re-read is part of it, or all of it
  bool old_only = false;      ///< all of it was read before: one window of a re-read that needs several
  /// Of 1h and more: trouble has left out the bucket after the news, which would show that they are whole.
  bool lacks_proof = false;
  bool proof_is_unreadable = false;  ///< and that bucket cannot be read: only age tells
  network_time planned{};            ///< when: what changed later may not be in its answer
  time_range asked;                  ///< the window in labels; what a live query can bring is known with its answer
  std::vector<std::string> doubted;  ///< known with the answer: metrics with labels ahead of its own time
};

struct plan_context {
  network_time now;  ///< to which a group may read: network_now()
  plan_limits limits;
  std::chrono::seconds hole_after{};
};

/// The group's wall clock: behind the real one where its points are held back (`publish_after`).
network_time network_now(const request_group& group, utc_time now);

/// What windows of the plan's kind have met.
window_trouble& trouble_of(group_state& state, const group_plan& plan);

/// What the labels of an answer that lie in `part` add to a member.
member_patch patch_of(const advance_answer& advance, time_range part, utc_time now);

/// Between two cycles the members are what is committed: others may have added to them (a backfill).
void reload_committed(const request_group& group, group_state& state,
                      const std::map<member_key, member_progress>& committed);

/// The window was answered, and what followed is committed: notes what of it was a re-read, and that all trouble is
/// over, but for that of a plan that lacks its proof. `not_whole`: members of which the answer does not say all that
/// was published. They still owe their re-read, and it is tried again later.
void note_answered(group_state& state, const group_plan& plan, const std::map<std::size_t, unanswered>& not_whole,
                   network_time now);

enum class what_was_taken { nothing, something };

/// A plan that lacks its proof was answered. Where nothing of it was taken, trouble is not over: why.
std::optional<error> note_unproven(group_state& state, const group_plan& plan, interval_size interval,
                                   what_was_taken taken);

/// All of the window was published before.
bool is_read_again(const group_plan& plan);

/// There is nothing in the window (404); true and false as above, and true where it was a re-read.
bool note_empty_window(const request_group& group, group_state& state, const group_plan& plan,
                       const plan_context& context);

/// A window came back unusable. One interval that has failed three times is to be given up as a gap. A deep re-read is
/// postponed each time, so it is halved at once.
after_trouble note_trouble(group_state& state, const group_plan& plan, interval_size interval, network_time now,
                           const error& why);

}  // namespace oes
