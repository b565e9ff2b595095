#include "app/past_reader.hpp"

#include <algorithm>

#include "avro/frame.hpp"
#include "progress/member_text.hpp"
#include "verify/data_point.hpp"

namespace oes {

past_reader::past_reader(const request_group& group, std::vector<member_labels> asked, avro::record_decoder decoder,
                         label_places& places, std::size_t most_points)
    : group_(group),
      asked_(std::move(asked)),
      columns_(group.members.front().metrics),
      most_points_(most_points),
      places_(places),
      decoder_(std::move(decoder)) {
  for (const auto& one : asked_) topics_.insert(group.members[one.member].options.topic);
}

void past_reader::begin(const std::vector<kept_reason>& reasons) {
  names_ = former_names(reasons);
  std::vector<std::int64_t> changes;
  changes.reserve(reasons.size());
  for (const auto& one : reasons) changes.push_back(one.last_version);
  std::sort(changes.begin(), changes.end());
  for (const auto& one : asked_) {
    const auto& who = group_.members[one.member];
    const auto& id = group_.identity;
    members_.push_back(
        {who.key, identity_of_series(id, who.key.second), id.net, one.labels, past_points(id.interval, changes)});
  }
}

std::vector<topic_extents> past_reader::parts_of(const topic_extents& topics) {
  std::set<member_key> members;
  range_set labels;
  for (const auto& one : asked_) {
    members.insert(group_.members[one.member].key);
    for (const auto& range : one.labels.ranges()) labels.add(range);
  }
  places_.follow(members);
  begins_with_topics_ = !places_.fits(topics);
  if (!begins_with_topics_) lost_before_ = places_.lost_before();
  return places_.parts_for(labels, topics);
}

void past_reader::take(const scanned_record& record, const topic_extents& extents) {
  if (record.value.empty() || !fault_.empty()) return;
  const bool binary = avro::split_frame(record.value).has_value();
  const auto* const owner = binary ? owner_of(record.key) : nullptr;
  // Of others only the version matters, and only of the first record of a partition.
  if (binary && owner == nullptr && !is_first(record)) return;
  const auto json = decoder_.json(record.value);
  if (!json && owner != nullptr) {
    fault_ = "a record of " + member_name(owner->key) + " in topic " + record.topic +
             " cannot be read, so what was published cannot be told: " + json.error().context;
    fault_code_ = json.error().code == errc::damaged ? errc::refused : errc::kafka_unavailable;
    return;
  }
  const auto point = json ? read_data_point(record.key, *json, columns_) : json.error();
  if (!point && owner != nullptr) {
    fault_ = "a record under a key of " + member_name(owner->key) + " in topic " + record.topic +
             " is none of this program's, so what was published cannot be told";
    fault_code_ = errc::refused;
    return;
  }
  if (!point) {
    ++foreign_;
    return;
  }
  see_first(record, point->version, extents);
  const auto stream = names_.today(point->stream, point->version);
  const auto found = std::find_if(members_.begin(), members_.end(), [&](const member_past& one) {
    return one.key.first == stream && one.key.second == point->metric && point->identity.agrees(one.identity);
  });
  if (found == members_.end()) return;
  places_.note(record, point->interval);
  if (!found->labels.contains(point->interval)) return;
  room_ -= found->points.room();
  if (!found->points.take(*point)) too_many_ = member_name(found->key);
  room_ += found->points.room();
  if (room_ > most_points_) fit_into_memory();
}

// One label alone may take more: something has to be compared.
void past_reader::fit_into_memory() {
  while (room_ > most_points_) {
    auto oldest = network_time::max();
    auto newest = network_time::min();
    for (const auto& one : members_) {
      if (!one.points.oldest_label()) continue;
      oldest = std::min(oldest, *one.points.oldest_label());
      newest = std::max(newest, *one.points.newest_label());
    }
    if (newest <= oldest) return;
    until_ = newest;
    room_ = 0;
    for (auto& one : members_) {
      one.points.keep_until(until_);
      room_ += one.points.room();
    }
  }
}

std::string past_reader::twice() const {
  for (const auto& one : members_) {
    if (!one.points.twice().empty()) return one.points.twice();
  }
  return {};
}

std::string past_reader::gone(const std::map<member_key, member_progress>& committed) const {
  std::string out;
  for (const auto& one : members_) {
    range_set missing;
    const auto& member = committed.at(one.key);
    const auto interval = interval_of(member);
    range_set covered;
    for (const auto& asked : one.labels.ranges()) {
      const auto there = member.labels.covered(asked);
      for (const auto& range : there.ranges()) covered.add(range);
    }
    for (const auto& range : covered.ranges()) {
      for (auto at = range.begin; at < range.end; at = bucket_add(at, interval, 1)) {
        const auto oldest = one.points.oldest(at);
        if (!oldest || *oldest < lost_before_) missing.add({at, bucket_add(at, interval, 1)});
      }
    }
    if (missing.empty()) continue;
    out += (out.empty() ? "" : "; ") + member_name(one.key) + " " + ranges_text(missing.ranges(), one.net);
  }
  return out;
}

std::vector<published_points> past_reader::take_known() {
  std::vector<published_points> out;
  for (auto& one : members_) out.push_back(one.points.take_known());
  return out;
}

// By the key alone: several streams may have published the same series.
const past_reader::member_past* past_reader::owner_of(std::string_view key) const {
  const auto whose = identity_of_record(key, "");
  if (!whose) return nullptr;
  const auto found = std::find_if(members_.begin(), members_.end(),
                                  [&](const member_past& one) { return whose->agrees(one.identity); });
  return found == members_.end() ? nullptr : &*found;
}

void past_reader::see_first(const scanned_record& record, std::int64_t version, const topic_extents& extents) {
  if (!seen_.insert({record.topic, record.partition}).second || !begins_with_topics_) return;
  const auto extent = extents.find(record.topic);
  if (extent == extents.end() || !extent->second.thinned.contains(record.partition)) return;
  lost_before_ = std::max(lost_before_, version);
}

}  // namespace oes
