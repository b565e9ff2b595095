#include "operate/trust.hpp"

#include <algorithm>
#include <utility>

#include "model/fault_point.hpp"
#include "progress/member_text.hpp"

namespace oes {
namespace {

error incomplete_file(const reconcile_input& input) {
  return refused_edit("progress.json cannot be trusted without all of its months: " + input.file.missing_months +
                      "; put them back, or take Kafka's side");
}

progress_edit from_both(const reconcile_input& input, ledger_book ledger) {
  const auto before = kafka_beside_file(input, std::move(ledger));
  return {before, before, {}, true};
}

// A line for each member of which `known` covers what `held` does not.
void say_beyond(progress_edit& plan, const member_map& known, const member_map& held, const std::string& fate) {
  for (const auto& [key, member] : known) {
    const auto other = held.find(key);
    const auto covered = member.labels.covered();
    const auto beyond = ranges_beyond(covered, other == held.end() ? range_set() : other->second.labels.covered());
    if (!beyond.empty()) plan.says.push_back(member_name(key) + ": " + fate + ": " + ranges_text(beyond, member.net));
  }
}

member_map members_of(const std::optional<progress_snapshot>& side) {
  return side ? side->state.members : member_map();
}

progress_edit take_kafka(const reconcile_input& input, ledger_book ledger) {
  auto plan = from_both(input, std::move(ledger));
  plan.says.emplace_back(input.kafka ? "Kafka's progress holds, progress.json is written anew from it"
                                     : "progress.json is forgotten and Kafka holds no progress: every stream begins "
                                       "anew at its `start:`; what lies before is not fetched again");
  say_beyond(plan, members_of(input.file.snapshot), members_of(input.kafka),
             "the file covers what Kafka's progress does not; from `start:` or Kafka's position on it is published "
             "again, twice wherever the data topics still hold it");
  return plan;
}

progress_edit take_file(const reconcile_input& input, ledger_book ledger) {
  auto plan = from_both(input, std::move(ledger));
  auto& after = plan.after;
  after.state.members = input.file.snapshot->state.members;
  std::erase_if(after.ledger,
                [&](const auto& one) { return is_of_stream(one.first) && !after.state.members.contains(one.first); });
  for (const auto& [key, member] : input.file.snapshot->state.members) {
    const auto held = plan.before.state.members.find(key);
    if (held == plan.before.state.members.end() || held->second != member) forget_ledger_of(after, key);
  }
  plan.says.emplace_back(
      "progress.json's progress is written into Kafka; nothing that it covers is fetched again; "
      "revisions of what was published before are not followed where the two sides differ");
  say_beyond(plan, members_of(input.file.snapshot), members_of(input.kafka),
             "covered by the file alone; missing for good wherever Kafka lost the records (`progress verify` tells)");
  say_beyond(plan, members_of(input.kafka), members_of(input.file.snapshot), "covered by Kafka alone, published twice");
  return plan;
}

}  // namespace

whole_progress kafka_beside_file(const reconcile_input& input, ledger_book ledger) {
  whole_progress all{{}, std::move(ledger)};
  auto& out = all.state;
  if (input.kafka) out = input.kafka->state;
  if (!input.file.snapshot) return all;
  const auto& file = input.file.snapshot->state;
  out.sequence = std::max(out.sequence, file.sequence);
  out.generation = std::max(out.generation, file.generation);
  out.last_version = std::max(out.last_version, file.last_version);
  return all;
}

result<progress_edit> trust_side(const reconcile_input& input, ledger_book ledger, trusted_side side) {
  if (side == trusted_side::file) {
    if (!input.file.snapshot) {
      return refused_edit("there is no readable progress.json to trust" +
                          (input.file.damage.empty() ? std::string() : ": " + input.file.damage));
    }
    if (!input.file.missing_months.empty()) return incomplete_file(input);
    return take_file(input, std::move(ledger));
  }
  if (!input.kafka && !input.file.snapshot) {
    return refused_edit(
        "Kafka holds no progress, and there is no readable progress.json either: nothing contradicts; "
        "`progress fresh` allows a start over data topics that hold records");
  }
  return take_kafka(input, std::move(ledger));
}

result<progress_edit> adopt_cluster(const reconcile_input& input, ledger_book ledger) {
  if (!input.file.snapshot)
    return refused_edit("there is no readable progress.json, so no cluster that could have changed");
  const auto& there = input.file.snapshot->place.cluster_id;
  if (input.cluster_id.empty()) return refused_edit("the cluster tells no id: there is nothing to adopt");
  if (there == input.cluster_id) {
    return refused_edit("progress.json was written for this cluster, " + there + ": there is nothing to adopt");
  }
  if (!input.kafka && !input.file.missing_months.empty()) return incomplete_file(input);
  auto plan = input.kafka ? take_kafka(input, std::move(ledger)) : take_file(input, std::move(ledger));
  plan.says.insert(plan.says.begin(), "progress.json of cluster " + there + " is taken over for cluster " +
                                          input.cluster_id + ", which must hold the same data");
  return plan;
}

last_offsets ends_left(last_offsets written, const next_offsets& there, untold_end untold) {
  if (seeded_bug("untold-end-kept")) untold = untold_end::kept;
  for (auto& [topic, partitions] : written) {
    partition_offsets left;
    const auto found = there.find(topic);
    for (const auto& [partition, offset] : partitions) {
      const bool told = found != there.end() && found->second.contains(partition);
      const auto end = told ? std::min(offset, found->second.at(partition) - 1) : offset;
      if (told ? end >= 0 : untold == untold_end::kept) left[partition] = end;
    }
    partitions = std::move(left);
  }
  return written;
}

}  // namespace oes
