#include "commit/progress_commit.hpp"

#include <algorithm>
#include <iterator>

#include "progress/ledger_changes.hpp"
#include "progress/progress_changes.hpp"
#include "progress/progress_codec.hpp"

namespace oes {

progress_state edited(const progress_state& held, const progress_commit& change) {
  progress_state after = held;
  after.sequence += 1;
  after.last_version = std::max(held.last_version, change.wanted.state.last_version);
  // Above every version that any instance can have handed out: they follow the clock. So who knew something else before
  // the break can tell that it came later.
  if (change.reason.history == history_after::broken)
    after.last_version = std::max(after.last_version + 1, change.reason.at.time_since_epoch().count());
  after.members = change.wanted.state.members;
  after.first_form.clear();
  return after;
}

transaction make_progress_commit(const progress_state& held, const progress_state& after, const progress_commit& change,
                                 const std::string& instance) {
  transaction txn;
  txn.sequence = after.sequence;
  txn.begin = encode_begin(after.sequence, instance);
  txn.progress = encode_ledger_changes(change.ledger_before, change.wanted.ledger, after.sequence);
  auto members = encode_changes(held, after);
  txn.progress.insert(txn.progress.end(), std::make_move_iterator(members.begin()),
                      std::make_move_iterator(members.end()));
  txn.progress.push_back(encode_reason(change.reason, after.sequence, after.last_version));
  return txn;
}

}  // namespace oes
