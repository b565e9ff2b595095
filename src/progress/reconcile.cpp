#include "progress/reconcile.hpp"

#include <utility>

#include "model/fault_point.hpp"
#include "progress/less_than_known.hpp"
#include "progress/progress_codec.hpp"

namespace oes {
namespace {

error refuse(std::string context) { return {errc::refused, std::move(context)}; }

std::string describe(const progress_snapshot& s) {
  auto out = "sequence " + std::to_string(s.state.sequence) + " at offset " + std::to_string(s.place.offset);
  if (!s.place.topic.empty()) out += " of " + s.place.topic;
  return out + " (hash " + hash_of(s.state).substr(0, 12) + ")";
}

std::string witness_name(const reconcile_input& input) {
  if (input.by == witness::memory) return "what this process last committed";
  return input.file.from_previous ? "progress.json.prev" : "progress.json";
}

std::string both_sides(const reconcile_input& input) {
  return (input.by == witness::memory ? "; this process: " : "; file: ") + describe(*input.file.snapshot) +
         "; Kafka: " + (input.kafka ? describe(*input.kafka) : std::string("no progress"));
}

std::string trust_kafka_way(const reconcile_input& input) {
  return std::string("`progress reset --trust kafka --reason TEXT` ") +
         (input.kafka ? "goes on from Kafka's progress: what was published after it is fetched and published again, a "
                        "second time wherever the data topics still hold it"
                      : "forgets the file and begins anew at `start:`: what the data topics still hold is published a "
                        "second time, what lies before `start:` is not fetched again");
}

std::string trust_ways(const reconcile_input& input) {
  return "; ways out: " + trust_kafka_way(input) +
         "; `progress reset --trust file --reason TEXT` writes the file's progress into Kafka: nothing is repeated, "
         "but records that Kafka lost stay missing from the data topics";
}

std::string adopt_way(const reconcile_input& input) {
  return std::string("`progress adopt --reason TEXT` goes on here from ") +
         (input.kafka ? "Kafka's progress, if this cluster is a copy: what the copy lacks of the file's is published "
                        "again"
                      : "the file's progress: nothing is repeated, but what only the old cluster's data topics hold is "
                        "missing here");
}

error other_cluster(const reconcile_input& input) {
  const auto& there = input.file.snapshot->place.cluster_id;
  return refuse(
      witness_name(input) + " was written for another cluster: file: cluster " + there + ", " +
      describe(*input.file.snapshot) + "; connected to: cluster " + input.cluster_id + ", " +
      (input.kafka ? describe(*input.kafka) : std::string("no progress")) +
      "; ways out: point kafka.bootstrap_servers back at the old cluster, which costs nothing; " + adopt_way(input) +
      "; to move on purpose: `progress export --to FILE` there, `progress import --from "
      "FILE --reason TEXT` here: nothing is repeated, what only the old cluster's data topics hold is missing "
      "here; " +
      trust_kafka_way(input));
}

error other_topic(const reconcile_input& input) {
  return refuse(witness_name(input) +
                " belongs to another deployment, or was copied: file: " + describe(*input.file.snapshot) +
                "; ours: " + input.topic + ", " + (input.kafka ? describe(*input.kafka) : std::string("no progress")) +
                "; a progress_path of its own for each deployment costs nothing" + trust_ways(input));
}

error file_ahead(const reconcile_input& input) {
  const auto why = input.kafka ? " is ahead of Kafka: Kafka lost data, the progress topic was recreated, or the file "
                                 "comes from elsewhere"
                               : " holds progress, but Kafka holds none: the progress topic was deleted or recreated, "
                                 "Kafka lost data, or the file comes from elsewhere";
  return refuse(witness_name(input) + why + both_sides(input) + trust_ways(input));
}

error different_content(const reconcile_input& input) {
  return refuse(witness_name(input) +
                " and Kafka differ at the same sequence: the file was edited or copied, or the progress topic was "
                "recreated" +
                both_sides(input) + trust_ways(input));
}

error other_history(const reconcile_input& input) {
  return refuse(
      witness_name(input) +
      " is not in Kafka's history: at its sequence Kafka holds another transaction; the "
      "progress topic was put back to an older copy or recreated, and another instance has gone on from there" +
      both_sides(input) + trust_ways(input));
}

error progress_cut(const reconcile_input& input) {
  return refuse("the progress topic ends at offset " + std::to_string(input.end) + ", below that of " +
                witness_name(input) + ": Kafka lost data" + both_sides(input) + trust_ways(input));
}

error data_cut(const cut_partition& cut) {
  return refuse("topic " + cut.topic + ", partition " + std::to_string(cut.partition) + " ends at offset " +
                std::to_string(cut.end) + ", but this deployment has committed a record at " +
                std::to_string(cut.written) +
                ": Kafka lost records; ways out: restore the topic, which costs nothing; `progress reset --trust kafka "
                "--reason TEXT` goes on: nothing is repeated, and what is lost stays missing until `progress seek` "
                "publishes it again (`progress verify` tells what)");
}

// The data topics against what either side knows to be written.
std::optional<error> lost_data(const reconcile_input& input, const std::optional<progress_snapshot>& witness) {
  if (seeded_bug("data-ends-unchecked")) return std::nullopt;
  auto cut = witness ? first_cut(input.ends, witness->state.written) : std::nullopt;
  if (!cut && input.kafka) cut = first_cut(input.ends, input.kafka->state.written);
  if (!cut) return std::nullopt;
  return data_cut(*cut);
}

error sequence_falls(const reconcile_input& input) {
  return refuse("broken invariant: the sequence falls while offsets rise, from Kafka's newest record to the one that " +
                witness_name(input) + " names: the progress topic was recreated" + both_sides(input) +
                trust_ways(input));
}

std::string fresh_way() {
  return "`progress fresh`, once, begins anew at `start:`: what was published before from there on is published again "
         "(harmless where the data topics hold only records of others), what lies before `start:` is not fetched again";
}

error unreadable_file(const reconcile_input& input) {
  return refuse("there was progress, but no side can tell how far: file: " + input.file.damage +
                "; Kafka: no progress; ways out: put a good progress.json back, which costs nothing once "
                "`progress reset --trust file --reason TEXT` has written it into Kafka; " +
                fresh_way());
}

error nothing_anywhere() {
  return refuse(
      "the data topics hold records, but there is no progress that says which: file: none; Kafka: no progress; ways "
      "out: put progress.json back, or correct `deployment` or `progress_path` if they were changed, which costs "
      "nothing; " +
      fresh_way());
}

reconcile_decision begin_anew(const reconcile_input& input, std::string note) {
  reconcile_decision out;
  out.start_from.place = {input.cluster_id, input.topic, -1};
  out.note = std::move(note);
  return out;
}

reconcile_decision by_permit(reconcile_decision out) {
  out.by_permit = true;
  return out;
}

bool is_other(const std::string& of_file, const std::string& ours) {
  if (seeded_bug("chain-unchecked")) return false;
  return !of_file.empty() && !ours.empty() && of_file != ours;
}

result<reconcile_decision> take_kafka(const reconcile_input& input, std::string note) {
  reconcile_decision out;
  out.start_from = *input.kafka;
  out.note = std::move(note);
  return out;
}

// Chains tell what came before, too, and need no sealed month; format 1 has none. A file edited by hand keeps its
// chain.
bool same_content(const reconcile_input& input) {
  const auto& kafka = input.kafka->state;
  const auto& file = input.file.snapshot->state;
  const bool chained = !kafka.chain.empty() && !file.chain.empty() && !seeded_bug("chain-unchecked");
  if (chained && kafka.chain != file.chain) return false;
  if (chained && !input.file.missing_months.empty()) return true;
  return hash_of(kafka) == hash_of(file);
}

result<reconcile_decision> kafka_and_file(const reconcile_input& input) {
  const auto& kafka = *input.kafka;
  const auto& file = *input.file.snapshot;
  if (file.state.sequence > kafka.state.sequence) return file_ahead(input);
  if (input.end >= 0 && input.end <= file.place.offset) return progress_cut(input);
  if (file.state.sequence == kafka.state.sequence) {
    if (!same_content(input)) return different_content(input);
    if (input.file.damage.empty() && !input.file.replaced_source_start) {
      return take_kafka(input, "");
    }
    return take_kafka(input,
                      "progress.json is written anew from Kafka: " +
                          (input.file.damage.empty() ? "a file of the old form lay over it" : input.file.damage));
  }
  const auto led_there = input.chains.find(file.state.sequence);
  if (led_there != input.chains.end() && is_other(file.state.chain, led_there->second)) return other_history(input);
  if (file.place.offset > kafka.place.offset) return sequence_falls(input);
  if (input.by == witness::memory) return take_kafka(input, "");
  auto note = witness_name(input) + " is behind Kafka (file: " + describe(file) + "; Kafka: " + describe(kafka) +
              "): Kafka holds, the file is written anew";
  if (!input.file.damage.empty()) note += "; " + input.file.damage;
  return take_kafka(input, std::move(note));
}

std::string cluster_of(const std::optional<progress_snapshot>& side) {
  return side ? side->place.cluster_id : std::string();
}

struct old_start {
  network_time at;
  std::string because;
};

old_start start_from_old_form(const reconcile_input& input) {
  const auto says = *input.file.replaced_source_start;
  const auto now = input.now ? to_network_time(*input.now, network::nem) : says;
  const auto at = std::min(says, now) - std::chrono::days(1);
  auto because = "progress.json of the replaced source says " + format(says) + ": streams begin at " + format(at);
  if (says <= now) return {at, because + ", one day early"};
  return {at,
          because +
              ", one day before now, since that lies in the future: the replaced source counts on without looking at "
              "the clock. What it missed before that, `backfill --from TIME --to " +
              format(at) + "` publishes"};
}

result<reconcile_decision> only_kafka(const reconcile_input& input) {
  const auto& file = input.file;
  std::string why = "is missing";
  if (file.replaced_source_start) why = "has the old form";
  if (!file.damage.empty()) why = "cannot be used: " + file.damage;
  auto out = take_kafka(input, "progress.json " + why + "; Kafka holds (" + describe(*input.kafka) +
                                   "), the file is written anew; deleting or replacing it resets nothing");
  // A crash between the first claim and its mirror: no stream has begun yet, the old form still says where.
  if (file.replaced_source_start && file.damage.empty() && input.kafka->state.members.empty()) {
    out->start_override = start_from_old_form(input).at;
  }
  return out;
}

result<reconcile_decision> neither(const reconcile_input& input) {
  const auto& file = input.file;
  if (!file.damage.empty()) {
    if (!input.fresh_allowed) return unreadable_file(input);
    return by_permit(begin_anew(input, "beginning anew at `start:` by `progress fresh`; " + file.damage));
  }
  if (file.replaced_source_start) {
    auto start = start_from_old_form(input);
    auto out = begin_anew(input, std::move(start.because));
    out.start_override = start.at;
    return out;
  }
  if (input.data_topics_empty) return begin_anew(input, "");
  if (!input.fresh_allowed) return nothing_anywhere();
  return by_permit(
      begin_anew(input, "beginning anew at `start:` by `progress fresh`: records published before may be repeated"));
}

result<reconcile_decision> only_file(const reconcile_input& input) {
  if (input.file.snapshot->state.sequence == 0) return neither(input);
  const bool whole = input.file.missing_months.empty();
  if (input.file.delivery != mirrored_delivery::at_least_once || !whole) return file_ahead(input);
  reconcile_decision out;
  out.start_from = *input.file.snapshot;
  out.start_from.place = {input.cluster_id, input.topic, -1};
  out.write_members = true;
  // The ledger was in the topic that is gone: what is older than the positions cannot be compared any more.
  for (auto& [key, member] : out.start_from.state.members) member.ledger_from = member.position;
  out.note = witness_name(input) + " of delivery at_least_once (" + describe(*input.file.snapshot) +
             ") becomes Kafka's first progress";
  return out;
}

error refused_elsewhere(const reconcile_input& input) {
  const auto& said = *input.kafka->state.refused;
  return refuse("instance " + said.instance + " knew more than Kafka holds, and refused to go on: " + said.why +
                "; this one knows no better: decide there; or here: " + trust_kafka_way(input));
}

result<reconcile_decision> decide(const reconcile_input& input);

}  // namespace

error unreadable_topic(const error& why, const std::string& topic) {
  return {errc::damaged,
          why.context + "; ways out: restore " + topic +
              ", which costs nothing; delete that topic, then `progress reset --trust file --reason TEXT` writes "
              "progress.json into a new one: nothing that it covers is repeated, what was published after it is "
              "published again"};
}

result<reconcile_decision> reconcile(const reconcile_input& input) {
  auto decision = decide(input);
  if (!decision || !input.kafka) return decision;
  const auto& said = input.kafka->state.refused;
  return said && said->stands(input.broken_at) ? refused_elsewhere(input) : decision;
}

namespace {

result<reconcile_decision> decide(const reconcile_input& input) {
  if (seeded_bug("file-as-authority") && input.file.snapshot) {
    reconcile_decision out;
    out.start_from = *input.file.snapshot;
    return out;
  }
  const auto& known = input.file.snapshot;
  if (input.kafka && known && input.broken_at > known->state.last_version) {
    if (const auto lost = lost_data(input, std::nullopt)) return *lost;
    return take_kafka(input, "an operator's change came after " + witness_name(input) + " (" + describe(*known) +
                                 "): Kafka holds (" + describe(*input.kafka) + ")");
  }
  if (const auto lost = is_other(cluster_of(known), input.cluster_id) ? std::nullopt : lost_data(input, known)) {
    return *lost;
  }
  if (input.file.snapshot) {
    if (is_other(input.file.snapshot->place.cluster_id, input.cluster_id)) return other_cluster(input);
    if (is_other(input.file.snapshot->place.topic, input.topic)) return other_topic(input);
    if (!input.kafka) return only_file(input);
    auto agreed = kafka_and_file(input);
    // Kafka's records of the data topics' ends are one transaction behind; a witness that fits knows the last one's.
    if (agreed) raise(agreed->start_from.state.written, known->state.written);
    return agreed;
  }
  return input.kafka ? only_kafka(input) : neither(input);
}

}  // namespace

}  // namespace oes
