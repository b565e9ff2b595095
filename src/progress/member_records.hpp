#pragma once
// A member's records on the progress topic: a small one of its own, and one a month of its labels, so that a
// transaction writes only what it changes and no record grows with history. Pure.
//
// `member|<stream>|<metric>` → JSON: format version, sequence, identity, network, start, position, ledger_from, a
// refresh under way. A tombstone: the member is forgotten, its months with it. `month|<stream>|<metric>|<2026-11>` →
// JSON: format version, sequence, `labels` (model/label_text.hpp), `marks` of its gaps. A tombstone: nothing is known
// of the month.
#include <string>
#include <string_view>
#include <vector>

#include "model/batch.hpp"
#include "model/progress.hpp"

namespace oes {

/// What takes a member's records from `before` (nullptr: there are none) to `after`: the months that differ, then the
/// member where it differs.
std::vector<progress_message> encode_member_change(const member_key& key, const member_progress* before,
                                                   const member_progress& after, std::int64_t sequence);
/// Tombstones for all of it.
std::vector<progress_message> forget_member(const member_key& key, const member_progress& before);
/// A tombstone for the record of a member that release 1 wrote.
progress_message forget_first_form(const member_key& key);

}  // namespace oes
