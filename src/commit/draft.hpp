#pragma once
// What a transaction holds, and what is true once it is committed. Pure.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "commit/progress_commit.hpp"
#include "commit/submission.hpp"
#include "model/batch.hpp"
#include "model/progress.hpp"

namespace oes {

struct draft {
  transaction txn;
  progress_state after;
};

/// What every draft is made against.
struct draft_base {
  const progress_state& held;    ///< what Kafka holds
  const last_offsets& recorded;  ///< ends as Kafka's records have them: one transaction behind held's
  const std::string& instance;
  const std::string& host;
  /// What travels with it for a standby: what is spent of the credit day, and what ended the processes before.
  std::optional<credit_use> credits = {};
  std::optional<end_history> unexpected = {};
};

/// Generation + 1, our name, and the members that Kafka does not hold yet.
draft draft_claim(const draft_base& base, std::vector<std::pair<member_key, member_progress>> members);
/// The same with an operator's change.
draft draft_edited_claim(const draft_base& base, const progress_commit& change);
/// A claim that goes no further: this instance refuses, and says why.
draft draft_refusal(const draft_base& base, const standing_refusal& what);
/// An operator's change while leading.
draft draft_edit(const draft_base& base, const progress_commit& change);
/// The submissions' records and what they change. Their batches are moved into it; `last_version`: the highest that
/// was handed out.
draft draft_work(const draft_base& base, const std::vector<submission*>& works, std::int64_t last_version);
/// Batches of a transaction that was not committed, back to where they came from.
void return_batches(transaction& txn, const std::vector<submission*>& works);

}  // namespace oes
