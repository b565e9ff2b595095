#pragma once
// An operator's changes to progress: the state before → the state after, and what to tell him first. Pure.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "model/error.hpp"
#include "model/ledger.hpp"
#include "model/progress.hpp"

namespace oes {

using member_map = std::map<member_key, member_progress>;

/// All that the progress topic holds of a deployment.
struct whole_progress {
  progress_state state;
  ledger_book ledger;
};

struct progress_edit {
  whole_progress before;          ///< what Kafka holds; sequence, generation and last_version not below the file's
  whole_progress after;           ///< members and ledger as they shall be; last_version never below before's
  std::vector<std::string> says;  ///< what it does and what it costs, a line each
  bool must_confirm = false;      ///< records may appear twice or be left out
};

/// One stream, or one metric of it.
struct member_choice {
  std::string stream;
  std::string metric;  ///< empty: all
  [[nodiscard]] bool takes(const member_key& key) const {
    return key.first == stream && (metric.empty() || key.second == metric);
  }
};

/// Of a change that is not made: what it would do, or what it lacks.
inline error refused_edit(std::string why) { return {errc::refused, std::move(why)}; }

/// Forgets the chosen members. Those in `configured` (every configured member as it would begin now) begin there again.
result<progress_edit> reset_members(const whole_progress& before, const member_choice& chosen,
                                    const member_map& configured);

/// Sets the chosen members' position. Back: what was covered from there on is forgotten and published again. Forward:
/// what is passed becomes a gap with reason "seek". `to`: a date or a time, of each member's own network where it has
/// no offset; rounded down to the start of its interval.
result<progress_edit> seek_members(const whole_progress& before, const member_choice& chosen, const std::string& to,
                                   utc_time now);

/// Moves everything of a stream to a new name. refused: the new name has published something of its own, is not
/// configured, or is configured as other series.
result<progress_edit> rename_stream(const whole_progress& before, const std::string& from, const std::string& to,
                                    const member_map& configured);

enum class existing_progress { refuse, replace };

/// The members of an export in place of those that are there. refused: there is progress and it is not to be replaced.
result<progress_edit> import_progress(const whole_progress& before, const whole_progress& imported,
                                      existing_progress existing);

/// What was published of a member up to now is not compared any more: the ledger of it is not known.
void forget_ledger_of(whole_progress& progress, const member_key& key);

/// Configured members that a progress_edit leaves without progress begin at their `start:`, in the same transaction.
void add_new_members(progress_edit& plan, const member_map& configured);

}  // namespace oes
