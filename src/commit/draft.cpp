#include "commit/draft.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "progress/head_record.hpp"
#include "progress/ledger_codec.hpp"
#include "progress/member_records.hpp"
#include "progress/progress_changes.hpp"
#include "progress/progress_codec.hpp"
#include "progress/unexpected_record.hpp"

namespace oes {
namespace {

void claim_for(const draft_base& base, progress_state& after) {
  after.generation += 1;
  after.claim_owner = base.instance;
}

void add_claim(const draft_base& base, draft& made) {
  const auto& after = made.after;
  auto claim = encode_claim(base.instance, base.host, after.generation, after.sequence, after.last_version);
  made.txn.progress.push_back(std::move(claim));
}

// Of another instance's ends this one has learnt when it read the topic.
void add_unexpected(const draft_base& base, draft& made) {
  if (!base.unexpected) return;
  made.after.unexpected = *base.unexpected;
  if (made.after.unexpected == base.held.unexpected) return;
  made.txn.progress.push_back(encode_unexpected(made.after.unexpected, made.after.sequence));
}

void add_all(std::vector<progress_message>& to, std::vector<progress_message> more) {
  std::move(more.begin(), more.end(), std::back_inserter(to));
}

draft edit_of(const draft_base& base, const progress_commit& change, progress_state after) {
  auto txn = make_progress_commit(base.held, after, change, base.instance);
  return {std::move(txn), std::move(after)};
}

void add_members(const draft_base& base, draft& made, const std::vector<submission*>& works) {
  std::set<member_key> changed;
  for (const auto* work : works) {
    for (const auto& [key, patch] : work->changes) {
      apply(made.after.members[key], patch);
      changed.insert(key);
    }
  }
  for (const auto& key : changed) {
    const auto before = base.held.members.find(key);
    const auto* was = before == base.held.members.end() ? nullptr : &before->second;
    add_all(made.txn.progress, encode_member_change(key, was, made.after.members.at(key), made.after.sequence));
  }
}

}  // namespace

draft draft_claim(const draft_base& base, std::vector<std::pair<member_key, member_progress>> members) {
  draft made{{}, base.held};
  auto& [txn, after] = made;
  after.sequence += 1;
  claim_for(base, after);
  txn.sequence = after.sequence;
  txn.begin = encode_begin(after.sequence, base.instance);
  progress_state there = base.held;
  for (auto& one : members) {
    // As it is known here: Kafka lacks it, or holds it in another form. Of one that differs the changes are enough.
    const auto known = there.members.find(one.first);
    if (known != there.members.end() && known->second == one.second) there.members.erase(known);
    after.members[one.first] = std::move(one.second);
  }
  txn.progress = encode_changes(there, after);
  after.first_form.clear();
  add_unexpected(base, made);
  add_claim(base, made);
  seal(txn, base.held, after, base.recorded);
  return made;
}

draft draft_refusal(const draft_base& base, const standing_refusal& what) {
  draft made{{}, base.held};
  auto& [txn, after] = made;
  after.sequence += 1;
  after.last_version = std::max(after.last_version, what.last_version);
  after.refused = what;
  claim_for(base, after);
  txn.sequence = after.sequence;
  txn.begin = encode_begin(after.sequence, base.instance);
  txn.progress.push_back(encode_refusal(what, after.sequence));
  add_claim(base, made);
  seal(txn, base.held, after, base.recorded);
  return made;
}

draft draft_edited_claim(const draft_base& base, const progress_commit& change) {
  auto after = edited(base.held, change);
  claim_for(base, after);
  auto made = edit_of(base, change, std::move(after));
  add_claim(base, made);
  seal(made.txn, base.held, made.after, base.recorded);
  return made;
}

draft draft_edit(const draft_base& base, const progress_commit& change) {
  auto made = edit_of(base, change, edited(base.held, change));
  seal(made.txn, base.held, made.after, base.recorded);
  return made;
}

draft draft_work(const draft_base& base, const std::vector<submission*>& works, std::int64_t last_version) {
  draft made{{}, base.held};
  auto& [txn, after] = made;
  after.sequence += 1;
  after.last_version = std::max(after.last_version, last_version);
  txn.sequence = after.sequence;
  txn.begin = encode_begin(after.sequence, base.instance);
  for (auto* work : works) {
    txn.data.push_back(std::move(work->batch));
    for (const auto& update : work->ledger) add_all(txn.progress, encode_ledger(update, after.sequence));
  }
  after.credits = base.credits;
  if (after.credits) txn.progress.push_back(encode_credits(*after.credits, after.sequence));
  add_unexpected(base, made);
  for (const auto* work : works) {
    if (work->reason) txn.progress.push_back(encode_reason(*work->reason, after.sequence, after.last_version));
  }
  add_members(base, made, works);
  seal(txn, base.held, after, base.recorded);
  return made;
}

void return_batches(transaction& txn, const std::vector<submission*>& works) {
  for (std::size_t i = 0; i < works.size(); ++i) works[i]->batch = std::move(txn.data[i]);
}

}  // namespace oes
