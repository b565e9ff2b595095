#include "verify/verification.hpp"

#include <algorithm>
#include <functional>
#include <optional>

#include "model/request.hpp"
#include "progress/member_text.hpp"
#include "progress/progress_json.hpp"
#include "verify/record_identity.hpp"

namespace oes {
namespace {

namespace json = progress_json;

// Covered labels of which no series has a record, as ranges; the part that retention may have taken apart.
struct missing_labels {
  range_set gone;
  range_set perhaps_expired;
};

missing_labels find_missing(const member_progress& member, const label_set& there, bool thinned) {
  missing_labels out;
  const auto interval = interval_of(member);
  // A backfill comes later than younger labels: retention takes those first.
  const auto covered = member.labels.covered();
  const bool in_order = covered.empty() || covered.ranges().front().begin >= member.start;
  bool any_before = false;
  for (const auto& range : covered.ranges()) {
    for (auto at = range.begin; at < range.end; at = bucket_add(at, interval, 1)) {
      if (there.contains(at)) {
        any_before = true;
        continue;
      }
      const bool expired = thinned && (!any_before || !in_order);
      (expired ? out.perhaps_expired : out.gone).add({at, bucket_add(at, interval, 1)});
    }
  }
  return out;
}

// Seasons and years are labelled as the API pleases.
bool is_label_of(network_time label, interval_size interval) {
  return !fixed_step(interval) || bucket_floor(label, interval) == label;
}

std::string number(std::int64_t n) { return std::to_string(n); }

class judgement {
 public:
  judgement(const progress_state& progress, const progress_state& later, const verify_settings& settings)
      : progress_(progress), later_(later), settings_(settings) {}

  void member(const member_key& key, const member_findings& found, bool thinned) {
    const auto& member = progress_.members.at(key);
    const auto name = member_name(key);
    const auto covered = count_covered(member);
    note(name + ": " + number(found.records) + " record(s) at " +
         number(static_cast<std::int64_t>(found.labels.size())) + " label(s); covered: " + number(covered) +
         " label(s) up to " + format(member.position, utc_offset(member.net)) +
         "; gaps: " + number(member.labels.count_gaps().all()));
    const auto missing = find_missing(member, found.labels, thinned);
    if (!missing.perhaps_expired.empty()) {
      note(name + ": no record any more at " + ranges_text(missing.perhaps_expired.ranges(), member.net) +
           ": the topic has deleted records");
    }
    if (!missing.gone.empty()) {
      fault(name + ": covered, but no record at " + ranges_text(missing.gone.ranges(), member.net) +
            "; `progress seek --stream " + key.first + " --metric " + key.second +
            " --to TIME --reason TEXT` publishes again from there");
    }
    unknown(key, found);
    if (found.off_grid > 0) {
      fault(name + ": " + number(found.off_grid) + " record(s) at times where no interval begins or ends, first at " +
            format(found.first_off_grid, utc_offset(member.net)));
    }
    copies(name, found);
    if (found.newest_version > later_.last_version) {
      fault(name + ": newest version " + number(found.newest_version) + " is above progress's " +
            number(later_.last_version));
    }
  }

  void unknown(const member_key& key, const member_findings& found) {
    const auto& member = progress_.members.at(key);
    if (found.superseded > 0) {
      note(member_name(key) + ": " + number(found.superseded) + " record(s) that an operator's change has left behind");
    }
    const auto now = later_.members.find(key);
    std::int64_t count = 0;
    std::optional<network_time> first;
    for (const auto& [label, records] : found.uncovered) {
      const bool known_meanwhile = now != later_.members.end() && now->second.labels.knows(label);
      if (known_meanwhile) continue;
      count += records;
      if (!first) first = label;
    }
    if (count == 0) return;
    fault(member_name(key) + ": " + number(count) + " record(s) that progress does not know, first at " +
          format(*first, utc_offset(member.net)));
  }

  void copies(const std::string& name, const member_findings& found) {
    if (found.republished > 0) {
      note(name + ": " + number(found.republished) + " record(s) published again by an operator's change");
    }
    if (found.repeated > 0 && settings_.repeats_allowed) {
      note(name + ": " + number(found.repeated) + " record(s) twice, as at_least_once allows");
    } else if (found.repeated > 0) {
      fault(name + ": " + number(found.repeated) + " record(s) with a key and revision that was there already");
    }
    if (found.skipped > 0) fault(name + ": " + number(found.skipped) + " revision(s) missing between two others");
    if (found.out_of_order > 0) {
      fault(name + ": " + number(found.out_of_order) + " record(s) whose version does not rise within their key");
    }
  }

  void note(std::string line) { out_.lines.push_back(std::move(line)); }
  void fault(const std::string& line) {
    faults_.push_back("does not fit: " + line);
    out_.fits = false;
  }
  verdict take() {
    out_.lines.insert(out_.lines.end(), faults_.begin(), faults_.end());
    return std::move(out_);
  }

 private:
  const progress_state& progress_;
  const progress_state& later_;
  const verify_settings& settings_;
  std::vector<std::string> faults_;
  verdict out_;
};

}  // namespace

result<data_record> read_data_record(std::string_view value) {
  const auto object = json::parse_object(value);
  if (!object) return object.error();
  const auto stream = json::text_in(*object, "stream");
  // A wide record names no metric: its columns are all of them.
  const auto metric = json::text_in(*object, "metric").value_or(std::string(wide_metric));
  const auto interval = parse_offset_time(json::text_in(*object, "interval").value_or(""));
  const auto revision = json::count_in(*object, "revision");
  const auto version = json::count_in(*object, "version");
  if (!stream || !interval || !revision || !version) {
    return error{errc::damaged, "not a record of this program"};
  }
  return data_record{*stream,   metric,   interval->local,
                     *revision, *version, json::text_in(*object, "grouping").value_or("")};
}

verification::verification(const progress_state& progress, std::vector<kept_reason> reasons, std::size_t passes)
    : progress_(progress), reasons_(std::move(reasons)), names_(reasons_), passes_(std::max<std::size_t>(passes, 1)) {
  for (const auto& [key, member] : progress.members) {
    members_[key];
    const auto series = identity_of_series(member.identity, key.second);
    if (series) identities_.push_back(*series);
  }
}

void verification::take(std::int32_t partition, std::string_view key, std::string_view value, std::size_t pass) {
  const bool first = pass == 0;
  if (value.empty() && is_of_member(key)) {
    if (first && tombstones_++ == 0) first_tombstone_ = key;
    return;
  }
  auto record = read_data_record(value);
  if (!record) {
    if (first) ++unreadable_;
    return;
  }
  record->stream = names_.today(std::move(record->stream), record->version);
  const auto found = members_.find({record->stream, record->metric});
  const auto whose = identity_of_record(key, record->grouping);
  const auto series = found == members_.end()
                          ? std::nullopt
                          : identity_of_series(progress_.members.at(found->first).identity, record->metric);
  if (!series || !whose || !whose->agrees(*series)) {
    if (first) ++others_;
    return;
  }
  if (first) place(*record, progress_.members.at(found->first), found->second);
  const auto point = std::hash<std::string_view>()(key) ^
                     (static_cast<std::uint64_t>(record->interval.time_since_epoch().count()) * 0x9E3779B97F4A7C15U);
  if (point % passes_ == pass) compare(key, *record, partition, found->second);
}

bool verification::is_of_member(std::string_view key) const {
  const auto whose = identity_of_record(key, "");
  return whose && std::any_of(identities_.begin(), identities_.end(),
                              [&](const record_identity& series) { return whose->agrees(series); });
}

void verification::take_unreadable(std::string_view key, const std::string& why, std::size_t pass) {
  if (pass != 0) return;
  if (!is_of_member(key)) {
    ++unreadable_;
    return;
  }
  if (damaged_++ == 0) first_damage_ = std::string(key) + ": " + why;
}

bool verification::is_known(const data_record& record, const member_progress& progress) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(record.interval));
  const auto month = date.year() / date.month();
  const auto block = progress.labels.blocks().find(month);
  if (block == progress.labels.blocks().end()) return false;
  auto& bits = known_[{record.stream, record.metric}][month];
  if (bits.empty()) {
    for (const auto cell : spread(*block->second, month).cells) bits.push_back(cell != month_cells::unknown);
  }
  return bits[static_cast<std::size_t>((record.interval - begin_of(month)) / month_cells::size)];
}

void verification::place(const data_record& record, const member_progress& progress, member_findings& found) {
  found.newest_version = std::max(found.newest_version, record.version);
  // Committed after progress was read: a later reading vouches for it.
  if (record.version > progress_.last_version) return;
  ++found.records;
  if (!is_label_of(record.interval, interval_of(progress)) && found.off_grid++ == 0) {
    found.first_off_grid = record.interval;
  }
  found.labels.add(record.interval);
  if (is_known(record, progress)) return;
  const bool before_a_change = std::any_of(reasons_.begin(), reasons_.end(),
                                           [&](const kept_reason& one) { return record.version <= one.last_version; });
  if (before_a_change) {
    ++found.superseded;
  } else {
    ++found.uncovered[record.interval];
  }
}

// Points by a hash of 64 bits over key and stream: two that meet are one in 10^19 pairs.
void verification::compare(std::string_view key, const data_record& record, std::int32_t partition,
                           member_findings& found) {
  std::string whole(key);
  whole.append("\n").append(record.stream).append("\n").append(format(record.interval));
  const seen_record next{record.version, record.revision, partition};
  const auto [first, fresh] = points_.try_emplace(std::hash<std::string>()(whole), next);
  if (fresh) return;
  auto& point = revised_[first->first];
  if (point.records.empty()) point = {&found, {first->second}};
  point.records.push_back(next);
}

void verification::judge_point(revised_point& point) const {
  auto& records = point.records;
  auto& found = *point.of;
  std::map<std::int32_t, std::int64_t> newest;
  for (const auto& one : records) {
    const auto [known, first] = newest.try_emplace(one.partition, one.version);
    if (first) continue;
    if (one.version <= known->second) ++found.out_of_order;
    known->second = std::max(known->second, one.version);
  }
  std::sort(records.begin(), records.end(), [](const auto& a, const auto& b) { return a.version < b.version; });
  for (std::size_t i = 1; i < records.size(); ++i) {
    const auto& before = records[i - 1];
    const auto& next = records[i];
    if (next.revision <= before.revision) {
      ++(republished_between(before.version, next.version) ? found.republished : found.repeated);
    } else if (next.revision > before.revision + 1) {
      ++found.skipped;
    }
  }
}

void verification::end_pass() {
  for (auto& [hash, point] : revised_) judge_point(point);
  points_.clear();
  revised_.clear();
}

bool verification::republished_between(std::int64_t older, std::int64_t newer) const {
  return std::any_of(reasons_.begin(), reasons_.end(),
                     [&](const kept_reason& one) { return older <= one.last_version && one.last_version < newer; });
}

verdict judge(const verification& seen, const progress_state& progress, const progress_state& later,
              const std::map<member_key, bool>& thinned, const verify_settings& settings) {
  judgement out(progress, later, settings);
  for (const auto& [key, found] : seen.members()) {
    const auto topic = thinned.find(key);
    if (topic != thinned.end()) out.member(key, found, topic->second);
  }
  if (seen.of_others() > 0) {
    out.note(number(seen.of_others()) +
             " record(s) of streams that progress does not know: another deployment's, or a "
             "forgotten stream's");
  }
  if (seen.unreadable() > 0) out.note(number(seen.unreadable()) + " record(s) that are none of this program's");
  if (seen.damaged() > 0) {
    out.fault(number(seen.damaged()) + " record(s) under keys of these streams that cannot be read, first " +
              seen.first_damage());
  }
  if (seen.tombstones() > 0) {
    out.fault(number(seen.tombstones()) +
              " tombstone(s) under keys of these streams, of which a compaction would leave nothing, first " +
              seen.first_tombstone());
  }
  return out.take();
}

}  // namespace oes
