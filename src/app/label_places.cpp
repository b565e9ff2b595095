#include "app/label_places.hpp"

#include <algorithm>

namespace oes {
namespace {

using std::chrono::days;

constexpr std::int64_t offsets_of_a_block = 5000;
// Beginning anew behind it would take longer than reading it.
constexpr std::int64_t read_through = 50'000;

days day_of(network_time label) { return std::chrono::floor<days>(label.time_since_epoch()); }

bool has_some_of(const range_set& labels, days day) {
  const time_range whole{network_time(day), network_time(day + days(1))};
  const auto missing = labels.missing(whole);
  return missing.size() != 1 || missing.front() != whole;
}

}  // namespace

void label_places::follow(const std::set<member_key>& members) {
  if (std::includes(members_.begin(), members_.end(), members.begin(), members.end())) return;
  *this = {};
  members_ = members;
}

void label_places::note(const scanned_record& record, network_time label) {
  blocks_[{record.topic, record.partition}][record.offset / offsets_of_a_block].insert(day_of(label));
}

void label_places::reached(const topic_extents& topics, std::int64_t lost_before) {
  for (const auto& [topic, extent] : topics) {
    for (const auto& one : extent.partitions) read_[{topic, one.number}] = {one.begin, one.end};
  }
  lost_before_ = lost_before;
}

bool label_places::fits(const topic_extents& topics) const {
  if (read_.empty()) return false;
  for (const auto& [topic, extent] : topics) {
    for (const auto& one : extent.partitions) {
      const auto known = read_.find({topic, one.number});
      if (known == read_.end() || known->second.begin != one.begin || known->second.end > one.end) return false;
    }
  }
  return true;
}

std::vector<label_places::read_range> label_places::ranges_for(const range_set& labels, const partition_name& name,
                                                               read_range now) const {
  std::vector<read_range> out;
  const auto add = [&out](read_range more) {
    if (more.begin >= more.end) return;
    if (out.empty() || more.begin - out.back().end > read_through) return out.push_back(more);
    out.back().end = more.end;
  };
  const auto known = read_.at(name);
  const auto blocks = blocks_.find(name);
  if (blocks != blocks_.end()) {
    for (const auto& [number, there] : blocks->second) {
      const bool wanted = std::any_of(there.begin(), there.end(), [&](days day) { return has_some_of(labels, day); });
      const auto begin = number * offsets_of_a_block;
      if (wanted) add({std::max(begin, known.begin), std::min(begin + offsets_of_a_block, known.end)});
    }
  }
  add({known.end, now.end});
  return out;
}

std::vector<topic_extents> label_places::parts_for(const range_set& labels, const topic_extents& topics) const {
  if (!fits(topics)) return {topics};
  std::vector<topic_extents> out;
  for (const auto& [topic, extent] : topics) {
    for (const auto& one : extent.partitions) {
      const auto ranges = ranges_for(labels, {topic, one.number}, {one.begin, one.end});
      if (out.size() < ranges.size()) out.resize(ranges.size());
      for (std::size_t i = 0; i < ranges.size(); ++i) {
        out[i][topic].partitions.push_back({one.number, ranges[i].begin, ranges[i].end});
      }
    }
  }
  return out;
}

}  // namespace oes
