#pragma once
// What is known to be in Kafka. Values only: progress/ reads and writes them, the committer advances them after a
// commit.
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/credit_use.hpp"
#include "model/end_history.hpp"
#include "model/label_history.hpp"
#include "model/network.hpp"
#include "model/range_set.hpp"
#include "model/time.hpp"
#include "model/topic_offsets.hpp"

namespace oes {

/// A range that an operator has read again although it is published (`backfill --refresh`), while that is not finished:
/// so that a kill costs nothing and repeats nothing.
struct refresh_mark {
  time_range asked;        ///< as the operator gave it
  bool republish = false;  ///< everything is published again, not only what changed
  range_set done;
  bool operator==(const refresh_mark&) const = default;
};

/// (stream name, metric): what has its own progress.
using member_key = std::pair<std::string, std::string>;

struct member_progress {
  std::string identity;        ///< canonical(group_identity); a change under the same name stops the stream
  network net = network::nem;  ///< whose clock the ranges below use
  network_time start;          ///< where the stream began: nothing before it was asked for
  network_time position;       ///< everything in [start, position) is covered, silent or a gap
  network_time ledger_from;    ///< what was published from here on is in the ledger; older labels are not compared
  /// Where readers find its records, and by which keys (`record.key`): a change under the same name stops the stream
  /// too. Empty: progress of a release that did not keep it, or of another deployment; the next claim adds it.
  std::string topic;
  std::string record_key;
  label_history labels;
  std::optional<refresh_mark> refresh;
  bool operator==(const member_progress&) const = default;
};

/// Its records are in this topic, under such keys; what progress does not say of them agrees.
bool is_kept_as(const member_progress& known, const std::string& topic, std::string_view record_key);

/// Topic and form of the keys, where `known` does not say them, from what is configured of the same series.
/// False: nothing was to be added.
bool complete(member_progress& known, const member_progress& configured);

inline bool has_published(const member_progress& member) { return !member.labels.empty(); }

/// Left by an instance that stopped (exit 78) because it knew of more than Kafka holds. No other instance may lead
/// until an operator has decided (`reset --trust`, `adopt`, `import`).
struct standing_refusal {
  std::int64_t last_version = 0;  ///< that it knew of
  std::string instance;
  std::string why;
  /// `broken_at`: last_version of the newest operator's break: a later one has decided.
  [[nodiscard]] bool stands(std::int64_t broken_at) const { return broken_at <= last_version; }
  bool operator==(const standing_refusal&) const = default;
};

/// The deployment's whole state at one sequence.
struct progress_state {
  std::int64_t sequence = 0;      ///< +1 per transaction, from 1; 0: nothing was ever committed
  std::int64_t last_version = 0;  ///< highest record `version` handed out (records.md §1)
  std::int64_t generation = 0;    ///< of the newest claim
  std::string claim_owner;        ///< instance id of the newest claim
  std::map<member_key, member_progress> members;
  /// As of the newest transaction, so that a standby knows what was spent. Not part of what is hashed and compared.
  std::optional<credit_use> credits;
  /// What ended the processes before unexpectedly, for a standby. Not part of what is hashed and compared.
  end_history unexpected;
  /// Of the newest transaction's head: SHA-256 (hex) over the chain before it and the transaction's progress records.
  /// Empty: nothing was committed yet in the form that has one.
  std::string chain;
  /// How far the data topics were written. Kafka's copy in a transaction's records knows the transactions before it;
  /// memory and progress.json know the newest one too. Not part of what is hashed and compared.
  last_offsets written;
  /// Not part of what is hashed and compared.
  std::optional<standing_refusal> refused;
  /// Members of which Kafka holds the record of format 1: the next claim writes them anew.
  std::set<member_key> first_form;
  bool operator==(const progress_state&) const = default;
};

/// Where a state was read from or mirrored of.
struct progress_place {
  std::string cluster_id;
  std::string topic;
  std::int64_t offset = -1;  ///< of the newest progress record
  bool operator==(const progress_place&) const = default;
};

struct progress_snapshot {
  progress_state state;
  progress_place place;
  bool operator==(const progress_snapshot&) const = default;
};

}  // namespace oes
