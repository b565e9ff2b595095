#include "app/published_before.hpp"

#include <algorithm>
#include <atomic>
#include <set>

#include "async/blocking.hpp"
#include "async/race.hpp"
#include "avro/frame.hpp"
#include "avro/record_decoder.hpp"
#include "commit/patient_look.hpp"
#include "kafka/topic_scan.hpp"
#include "model/answer_bounds.hpp"
#include "progress/less_than_known.hpp"
#include "progress/member_text.hpp"
#include "progress/operator_reason.hpp"
#include "registry/schema_lookup.hpp"
#include "verify/data_point.hpp"
#include "verify/past_points.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

// One member's part of the topics.
struct member_past {
  member_key key;
  record_identity identity;
  network net;
  past_points points;
};

class past_reader {
 public:
  past_reader(const request_group& group, const std::vector<std::size_t>& members, time_range labels,
              avro::record_decoder decoder)
      : group_(group),
        chosen_(members),
        labels_(labels),
        columns_(group.members.front().metrics),
        decoder_(std::move(decoder)) {
    for (const auto member : members) topics_.insert(group.members[member].options.topic);
  }

  /// Before the first record. `changes`: as past_points.
  void begin(const std::vector<std::int64_t>& changes) {
    for (const auto member : chosen_) {
      const auto& who = group_.members[member];
      const auto& id = group_.identity;
      members_.push_back(
          {who.key, identity_of_series(id, who.key.second), id.net, past_points(id.interval, labels_, changes)});
    }
  }

  void take(const scanned_record& record, const topic_extents& extents) {
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
    if (point->interval < labels_.begin || point->interval >= labels_.end) return;
    const auto found = std::find_if(members_.begin(), members_.end(), [&](const member_past& one) {
      return one.key.first == point->stream && one.key.second == point->metric && point->identity.agrees(one.identity);
    });
    if (found == members_.end()) return;
    if (!found->points.take(*point)) too_many_ = member_name(found->key);
  }

  /// A (key, revision) that is there twice; empty: none.
  [[nodiscard]] std::string twice() const {
    for (const auto& one : members_) {
      if (!one.points.twice().empty()) return one.points.twice();
    }
    return {};
  }

  /// Covered labels of which records are gone, or may be: a partition that lost its beginning lost everything that was
  /// published before the first record that is left.
  std::string gone(const std::map<member_key, member_progress>& committed) const {
    std::string out;
    for (const auto& one : members_) {
      range_set missing;
      const auto& member = committed.at(one.key);
      const auto interval = interval_of(member);
      const auto covered = member.labels.covered(labels_);
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

  /// The member that has more series there than can be told apart; empty: none.
  [[nodiscard]] const std::string& too_many() const { return too_many_; }
  /// What keeps from telling what was published; empty: nothing. Then nothing more is read.
  [[nodiscard]] const std::string& fault() const { return fault_; }
  [[nodiscard]] errc fault_code() const { return fault_code_; }
  /// Records that are none of this program's.
  [[nodiscard]] std::int64_t foreign() const { return foreign_; }
  [[nodiscard]] std::vector<std::string> topics() const { return {topics_.begin(), topics_.end()}; }
  std::vector<ledger> take_known() {
    std::vector<ledger> out;
    for (auto& one : members_) out.push_back(one.points.take_known());
    return out;
  }

 private:
  // By the key alone: several streams may have published the same series.
  [[nodiscard]] const member_past* owner_of(std::string_view key) const {
    const auto whose = identity_of_record(key, "");
    if (!whose) return nullptr;
    const auto found = std::find_if(members_.begin(), members_.end(),
                                    [&](const member_past& one) { return whose->agrees(one.identity); });
    return found == members_.end() ? nullptr : &*found;
  }

  [[nodiscard]] bool is_first(const scanned_record& record) const {
    return !seen_.contains({record.topic, record.partition});
  }

  void see_first(const scanned_record& record, std::int64_t version, const topic_extents& extents) {
    if (!seen_.insert({record.topic, record.partition}).second) return;
    const auto extent = extents.find(record.topic);
    if (extent == extents.end() || !extent->second.thinned.contains(record.partition)) return;
    lost_before_ = std::max(lost_before_, version);
  }

  const request_group& group_;
  std::vector<std::size_t> chosen_;
  time_range labels_;
  std::vector<std::string> columns_;
  std::set<std::string> topics_;
  std::vector<member_past> members_;
  std::set<std::pair<std::string, std::int32_t>> seen_;
  std::int64_t lost_before_ = 0;
  std::int64_t foreign_ = 0;
  std::string too_many_;
  avro::record_decoder decoder_;
  std::string fault_;
  errc fault_code_ = errc::refused;
};

// What one reading works with. On the loop and on its own thread by turns, never both.
struct reading {
  parts& all;
  progress_settings settings;
  past_reader& past;
  data_ends committed;       ///< offsets of records, progress topic included
  asio::any_io_executor on;  ///< its own thread
  std::atomic<bool> stop = false;
  topic_extents extents = {};  ///< what is read
  std::string missing = {};    ///< of what is committed, as of the last look
};

data_ends committed_of(const progress_snapshot& committed, const std::string& progress_topic) {
  auto out = committed.state.ends;
  if (committed.place.offset >= 0) out[progress_topic][0] = committed.place.offset;
  return out;
}

// A partition that holds committed records, and that the broker which was asked does not know; empty: none.
std::string unknown_in(const topic_extents& found, const data_ends& committed) {
  for (const auto& [topic, extent] : found) {
    const auto written = committed.find(topic);
    if (written == committed.end()) continue;
    for (const auto& [partition, offset] : written->second) {
      const bool there =
          std::any_of(extent.partitions.begin(), extent.partitions.end(),
                      [number = partition](const partition_extent& one) { return one.number == number; });
      if (!there) return "topic " + topic + ", partition " + std::to_string(partition) + " is not known there";
    }
  }
  return {};
}

// A broker that lags behind hides the newest revisions, and what was published would be published again.
result<glimpse> measure(reading& job) {
  auto topics = job.past.topics();
  topics.push_back(job.settings.topic);
  auto extents = measure_topics(job.settings, topics, job.all.log);
  if (!extents) return extents.error();
  job.extents = std::move(*extents);
  const auto cut = first_cut(ends_of(job.extents), job.committed);
  job.missing = cut ? words_of(*cut) : unknown_in(job.extents, job.committed);
  if (job.missing.empty()) return glimpse{};
  return glimpse{glimpse::kind::less, job.missing};
}

// Of the progress topic what breaks an operator has left, then the data topics.
result<void> read_topics(reading& job) {
  const auto goes_on = [&job] { return !job.stop.load() && job.past.fault().empty(); };
  std::vector<std::int64_t> changes;
  const scan_watch reasons{[&changes](const scanned_record& record) {
                             const auto reason = decode_reason(record.key, record.value);
                             if (reason && *reason) changes.push_back((*reason)->last_version);
                           },
                           [](auto, auto) {}, goes_on};
  auto data = job.extents;
  const topic_extents progress{{job.settings.topic, data.at(job.settings.topic)}};
  data.erase(job.settings.topic);
  const auto asked = scan_topics(job.settings, job.settings.level, progress, reasons, job.all.log);
  if (!asked) return asked.error();
  std::sort(changes.begin(), changes.end());
  job.past.begin(changes);
  const scan_watch watch{[&](const scanned_record& record) { job.past.take(record, data); }, [](auto, auto) {},
                         goes_on};
  return scan_topics(job.settings, job.settings.level, data, watch, job.all.log);
}

asio::awaitable<result<glimpse>> measure_on_thread(reading& job) {
  std::function<result<glimpse>()> work = [&job] { return measure(job); };
  auto there = job.on;
  auto measuring = run_blocking(std::move(there), std::move(work));
  auto seen = co_await std::move(measuring);
  co_return seen;
}

asio::awaitable<result<void>> read_patiently(reading& job, look_patience how) {
  auto& log = job.all.log;
  auto looking = look_patiently([&job] { return measure_on_thread(job); }, how,
                                [&log](const error& why) {
                                  log.debug("the data topics are measured again", {{"reason", why.context}});
                                });
  const auto whole = co_await std::move(looking);
  if (!whole) co_return whole.error();
  if (!*whole) {
    co_return error{errc::refused,
                    job.missing +
                        ": a broker lags behind, or records are lost, so what was published cannot be told; "
                        "nothing was changed"};
  }
  std::function<result<void>()> work = [&job] { return read_topics(job); };
  auto there = job.on;
  auto reading_on = run_blocking(std::move(there), std::move(work));
  auto read = co_await std::move(reading_on);
  co_return read;
}

asio::awaitable<void> stop_with(event& tap, std::atomic<bool>& stop) {
  co_await tap.wait();
  stop = true;
}

}  // namespace

asio::awaitable<result<published_before>> read_published(parts& all, event& tap, const request_group& group,
                                                         std::vector<std::size_t> members, time_range labels,
                                                         const progress_snapshot& committed, look_patience how) {
  past_reader past(group, members, labels, avro::record_decoder(schema_lookup(all.config.registry)));
  asio::thread_pool thread(1);
  const auto settings = progress_settings_of(all.config);
  reading job{all, settings, past, committed_of(committed, settings.topic), thread.get_executor()};
  auto reading_on = read_patiently(job, how);
  auto stopping = stop_with(tap, job.stop);
  auto racing = race(std::move(reading_on), std::move(stopping));
  auto first = co_await std::move(racing);
  thread.join();
  if (first.index() == 1) co_return error{errc::stopped, "stopped"};
  if (!past.fault().empty()) co_return error{past.fault_code(), past.fault()};
  if (!std::get<0>(first)) co_return std::get<0>(first).error();
  if (!past.too_many().empty()) {
    co_return error{errc::refused, past.too_many() + ": its topic holds more than 65,535 series"};
  }
  if (past.foreign() > 0) {
    all.log.warn("records in the data topics are not of this program: left out",
                 {{"stream", group.members.front().key.first}, {"records", past.foreign()}});
  }
  published_before out;
  out.labels = labels;
  out.gone = past.gone(committed.state.members);
  out.twice = past.twice();
  out.known = past.take_known();
  co_return out;
}

}  // namespace oes
