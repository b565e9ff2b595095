#pragma once
// Where a request group's members stand when a term begins. Pure.
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "groups/group_state.hpp"
#include "model/error.hpp"
#include "model/ledger.hpp"
#include "model/member_patch.hpp"
#include "model/moment.hpp"
#include "model/progress.hpp"
#include "model/skew_watch.hpp"

namespace oes {

struct opening {
  const std::map<member_key, member_progress>& known;  ///< as committed
  const ledger_book& ledger;                           ///< as committed
  utc_time now;
  std::optional<std::chrono::days> history;  ///< of the plan, where that is certain
  /// From a progress file of the replaced source: where members without progress begin (naive network time).
  std::optional<network_time> start_override;
  /// Begun in this term, at a `start:` resolved by a clock that nothing had confirmed yet: when. May be null.
  const std::map<member_key, moment>* begun = nullptr;
};

/// Committed members as they are; a new one begins at its `start:`.
/// refused: a stream's contract changed under its name (groups/member_contract.hpp).
result<group_state> open_group(const request_group& group, const opening& o);

/// New members whose points a stream that is configured no more has published, as far as can be told into the same
/// topic: begun by themselves they would publish them again, under the same keys. Each with what to do (refused).
std::map<member_key, error> renamed_members(const std::vector<request_group>& groups, const progress_state& held);

/// A member whose contract changed under its name stays stopped, and so does one of `renamed`; the others of its group
/// go on without it.
struct parted_group {
  request_group going_on;                                ///< may be without members
  std::vector<std::pair<request_group, error>> stopped;  ///< of one member each, and why (refused)
};
parted_group part_changed(const request_group& group, const std::map<member_key, member_progress>& known,
                          const std::map<member_key, error>& renamed);

/// `start:` is resolved anew where the clock turns out to have been wrong, or the plan's history longer than it was
/// taken for, as long as nothing was published: members that were begun in this term, and those of a relative `start:`
/// that lie in the future. None begins later but where a clock that the API confirms today was far behind then.
std::vector<std::pair<member_key, member_patch>> corrected_starts(const request_group& group, const group_state& state,
                                                                  const moment& now, clock_standing standing,
                                                                  std::optional<std::chrono::days> history);

/// The members that nothing has been committed of yet, as they begin: the claim carries them, so that a crash before a
/// stream's first record forgets neither a relative `start:` nor a file that was taken over.
std::vector<std::pair<member_key, member_progress>> new_members(const std::vector<request_group>& groups,
                                                                const opening& o);

/// Known members whose progress does not say topic or form of the keys yet (model/progress.hpp), with what is
/// configured: the claim carries them too.
std::vector<std::pair<member_key, member_progress>> completed_members(const std::vector<request_group>& groups,
                                                                      const opening& o);

}  // namespace oes
