#include "simulation/world/commit_watch.hpp"

#include <rapidjson/document.h>

#include <algorithm>

#include "model/batch.hpp"
#include "progress/head_record.hpp"
#include "progress/progress_codec.hpp"
#include "simulation/world/found_records.hpp"

namespace oes::simulation {
namespace {

constexpr std::size_t largest_record = 16UL * 1024;
constexpr std::size_t most_faults = 20;

bool is_progress(const std::string& topic) { return topic.find(".progress.") != std::string::npos; }

bool is_of_ledger(const std::string& key) { return key.starts_with("ledger|") || key.starts_with("dictionary|"); }

// Of a wide record: one of its columns has one.
bool has_a_number(const rapidjson::Document& data) {
  if (const auto value = data.FindMember("value"); value != data.MemberEnd()) return value->value.IsNumber();
  return std::any_of(data.MemberBegin(), data.MemberEnd(), [](const auto& one) {
    const std::string_view name(one.name.GetString(), one.name.GetStringLength());
    return one.value.IsNumber() && name != "revision" && name != "version";
  });
}

std::string shown(const std::string& stream, const std::string& metric, network_time label) {
  return stream + "/" + metric + " " + format(label);
}

}  // namespace

void commit_watch::fault(const std::string& what) {
  if (faults_.size() < most_faults)
    faults_.push_back("transaction " + std::to_string(state_.sequence) +
                      ", t=" + std::to_string(kafka_.on().now() / std::chrono::milliseconds(1)) + "ms: " + what);
}

const progress_state* commit_watch::state() const { return watching_ && transactions_ > 0 ? &state_ : nullptr; }

void commit_watch::take_data(const stored_record& record, sent& into) {
  rapidjson::Document data;
  if (record.value) data.Parse(record.value->c_str(), record.value->size());
  if (!record.value || !data.IsObject()) return fault("a data record that is no JSON object: " + record.key);
  const auto label = parse_offset_time(data["interval"].GetString());
  if (!label) return fault("a data record without an interval: " + record.key);
  const bool wide = !data.HasMember("metric") || data["metric"].IsNull();
  const published_label place{data["stream"].GetString(), wide ? "*" : data["metric"].GetString(), label->local};
  into.labels.insert(place);
  if (has_a_number(data)) into.with_a_number.insert(place);
  note_version(data["version"].GetInt64(), into);
}

void commit_watch::take_unit(const stored_record& record, sent& into) {
  if (!record.value) return;
  rapidjson::Document unit;
  unit.Parse(record.value->c_str(), record.value->size());
  if (!unit.IsObject()) return fault("a unit that is no JSON object: " + record.key);
  note_version(unit["version"].GetInt64(), into);
}

void commit_watch::note_version(std::int64_t version, sent& into) {
  into.lowest_version = into.lowest_version == 0 ? version : std::min(into.lowest_version, version);
  into.highest_version = std::max(into.highest_version, version);
}

commit_watch::sent commit_watch::records_of(producer_identity as, const std::set<topic_partition>& partitions) {
  sent out;
  for (const auto& where : partitions) {
    const auto known = kafka_.topics.find(where.first);
    if (known == kafka_.topics.end()) continue;
    const auto& log = known->second.partitions[static_cast<std::size_t>(where.second)];
    for (auto offset = log.open_from(as.id); offset < log.end(); ++offset) {
      const auto& one = log.at(offset);
      const bool of_it =
          one.by.id == as.id && one.what == stored_record::kind::data && one.became == stored_record::fate::open;
      if (!of_it) continue;
      if (is_progress(where.first)) {
        out.progress.push_back(&one);
      } else if (is_list_of_facilities(where.first)) {
        take_unit(one, out);
      } else {
        take_data(one, out);
      }
    }
  }
  return out;
}

void commit_watch::committed(const process& who, producer_identity as, const std::set<topic_partition>& partitions) {
  const auto txn = records_of(as, partitions);
  // A late registration opens one that nobody writes into, and a late end commits it.
  if (txn.progress.empty() && txn.labels.empty()) return;
  ++transactions_;
  if (!watching_) return;
  const auto before = state_;
  for (const auto* one : txn.progress) {
    const auto read = apply_progress_record(state_, ledger_, one->key, one->value.value_or(""));
    if (!read) fault("unreadable: " + read.error().context);
  }
  check_order(txn);
  if (state_.sequence != before.sequence + 1)
    fault("the sequence went from " + std::to_string(before.sequence) + " to " + std::to_string(state_.sequence));
  check_authority(who, txn, before);
  check_bounds(txn, before);
  check_chain(txn, before);
  check_ends(as);
  check_labels(txn, before);
}

void commit_watch::check_order(const sent& txn) {
  const bool ordered =
      txn.progress.size() > 1 && txn.progress.front()->key == "begin" && txn.progress.back()->key == "head";
  if (!ordered) fault("it does not go from `begin` to `head`");
  for (const auto* one : txn.progress) {
    const auto size = one->value.value_or("").size();
    if (size > largest_record && !is_of_ledger(one->key)) fault(one->key + " has " + std::to_string(size) + " bytes");
  }
}

void commit_watch::check_authority(const process& who, const sent& txn, const progress_state& before) {
  const bool claims = std::ranges::any_of(txn.progress, [](const auto* one) { return one->key == "claim"; });
  if (claims) {
    claimed_by_ = &who;
    version_before_claim_ = before.last_version;
  }
  if (claimed_by_ != &who) fault(who.name + " commits without having claimed the deployment");
}

// Versions are handed out when records are made, and streams are not sent in the order of that: those of one leadership
// lie behind what it has found.
void commit_watch::check_bounds(const sent& txn, const progress_state& before) {
  if (state_.last_version < before.last_version) fault("the last version falls");
  if (state_.generation < before.generation) fault("the generation falls");
  if (txn.highest_version == 0) return;
  if (txn.lowest_version <= version_before_claim_ || txn.highest_version > state_.last_version) {
    fault("versions " + std::to_string(txn.lowest_version) + " to " + std::to_string(txn.highest_version) +
          " are not behind " + std::to_string(version_before_claim_) + " up to " + std::to_string(state_.last_version));
  }
}

void commit_watch::check_chain(const sent& txn, const progress_state& before) {
  if (txn.progress.size() < 2) return;
  transaction made;
  made.begin = {txn.progress.front()->key, txn.progress.front()->value.value_or("")};
  for (std::size_t i = 1; i + 1 < txn.progress.size(); ++i)
    made.progress.push_back({txn.progress[i]->key, txn.progress[i]->value.value_or("")});
  auto without = state_;
  without.chain.clear();
  if (chain_of(before.chain, made, encode_head(without)) != state_.chain)
    fault("its chain does not follow from the one before and its records");
}

void commit_watch::check_ends(producer_identity as) {
  for (const auto& [topic, partitions] : state_.written) {
    const auto known = kafka_.topics.find(topic);
    for (const auto& [partition, offset] : partitions) {
      const auto place = static_cast<std::size_t>(partition);
      if (known == kafka_.topics.end() || place >= known->second.partitions.size()) {
        fault("an end is told of " + topic + ", which is not there");
        continue;
      }
      if (offset >= known->second.partitions[place].open_from(as.id))
        fault("an end is told of " + topic + ", offset " + std::to_string(offset) + ", that was not written before");
    }
  }
}

void commit_watch::check_labels(const sent& txn, const progress_state& before) {
  published_.insert(txn.labels.begin(), txn.labels.end());
  for (const auto& [stream, metric, label] : txn.with_a_number) {
    const auto member = state_.members.find({stream, metric});
    const bool is_edge = member != state_.members.end() && label >= member->second.position;
    if (member == state_.members.end() || (!is_edge && !member->second.labels.covers(label)))
      fault("published, but not noted: " + shown(stream, metric, label));
  }
  for (const auto& [key, member] : state_.members) {
    const auto old = before.members.find(key);
    if (old != before.members.end() && old->second.labels == member.labels) continue;
    const auto was = old == before.members.end() ? range_set() : old->second.labels.covered();
    const auto is = member.labels.covered();
    for (const auto& range : is.ranges()) {
      for (const auto& fresh : was.missing(range)) {
        for (auto label = fresh.begin; label < fresh.end; label = bucket_add(label, interval_, 1)) {
          if (!published_.contains({key.first, key.second, label}))
            return fault("noted, but not published: " + shown(key.first, key.second, label));
        }
      }
    }
  }
}

}  // namespace oes::simulation
