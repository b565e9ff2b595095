#pragma once
// What a chunk adds to a member's progress. Its poll loop and a backfill may both add to a member: each
// names its own part only, and whatever a patch does not name stays. Pure.
#include <optional>
#include <vector>

#include "model/progress.hpp"

namespace oes {

struct member_patch {
  range_set covered;                        ///< published; gaps there are closed
  std::vector<gap> gaps;                    ///< found; what is covered or a gap already stays what it is
  range_set closed;                         ///< gaps no more although nothing was published there
  std::optional<network_time> position;     ///< rises to
  std::optional<network_time> ledger_from;  ///< rises to
  std::optional<refresh_mark> refresh;      ///< begins, in place of another
  range_set read_again;                     ///< done of it
  bool refresh_is_over = false;
  std::optional<network_time> restart;  ///< begins there instead, as long as nothing was found yet
  bool operator==(const member_patch&) const = default;
};

/// Nothing was published or found of it: where it begins may still be changed.
bool is_untouched(const member_progress& member);

/// The end of the farthest label that any field names; network_time::min() of an empty patch. `refresh` is what an
/// operator intends and counts for nothing.
network_time reach_of(const member_patch& patch);

/// One patch is applied to what the committer holds and to the writer's own copy; twice is as good as once.
void apply(member_progress& to, const member_patch& patch);

}  // namespace oes
