#include "app/published_before.hpp"

#include <algorithm>
#include <atomic>
#include <set>

#include "async/blocking.hpp"
#include "async/race.hpp"
#include "model/answer_bounds.hpp"
#include "progress/kafka_topic_scan.hpp"
#include "progress/member_text.hpp"
#include "progress/operator_reason.hpp"
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
  past_reader(const request_group& group, const std::vector<std::size_t>& members, time_range labels)
      : group_(group), chosen_(members), labels_(labels), columns_(group.members.front().metrics) {
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
    const auto point = read_data_point(record.key, record.value, columns_);
    if (!point) {
      if (!record.value.empty()) ++foreign_;
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
  /// Records that are none of this program's.
  [[nodiscard]] std::int64_t foreign() const { return foreign_; }
  [[nodiscard]] std::vector<std::string> topics() const { return {topics_.begin(), topics_.end()}; }
  std::vector<ledger> take_known() {
    std::vector<ledger> out;
    for (auto& one : members_) out.push_back(one.points.take_known());
    return out;
  }

 private:
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
};

result<void> read_topics(const parts& all, past_reader& past, const std::atomic<bool>& stop, logger& log) {
  const auto settings = progress_settings_of(all.config);
  std::vector<std::int64_t> changes;
  const scan_watch reasons{[&changes](const scanned_record& record) {
                             const auto reason = decode_reason(record.key, record.value);
                             if (reason && *reason) changes.push_back((*reason)->last_version);
                           },
                           [](auto, auto) {}, [&stop] { return !stop.load(); }};
  const auto asked = scan_topics(settings, {settings.topic}, reasons, log);
  if (!asked) return asked;
  std::sort(changes.begin(), changes.end());
  past.begin(changes);
  const auto extents = measure_topics(settings, past.topics(), log);
  if (!extents) return extents.error();
  const scan_watch watch{[&](const scanned_record& record) { past.take(record, *extents); }, [](auto, auto) {},
                         [&stop] { return !stop.load(); }};
  return scan_topics(settings, past.topics(), watch, log);
}

asio::awaitable<void> stop_with(event& tap, std::atomic<bool>& stop) {
  co_await tap.wait();
  stop = true;
}

}  // namespace

asio::awaitable<result<published_before>> read_published(parts& all, event& tap, const request_group& group,
                                                         std::vector<std::size_t> members, time_range labels,
                                                         const std::map<member_key, member_progress>& committed) {
  past_reader past(group, members, labels);
  std::atomic<bool> stop = false;
  asio::thread_pool thread(1);
  std::function<result<void>()> work = [&] { return read_topics(all, past, stop, all.log); };
  asio::any_io_executor there = thread.get_executor();
  auto reading = run_blocking(std::move(there), std::move(work));
  auto stopping = stop_with(tap, stop);
  auto racing = race(std::move(reading), std::move(stopping));
  auto first = co_await std::move(racing);
  thread.join();
  if (first.index() == 1) co_return error{errc::stopped, "stopped", {}, 0};
  if (!std::get<0>(first)) co_return std::get<0>(first).error();
  if (!past.too_many().empty()) {
    co_return error{errc::refused, past.too_many() + ": its topic holds more than 65,535 series", {}, 0};
  }
  if (past.foreign() > 0) {
    all.log.warn("records in the data topics are not of this program: left out",
                 {{"stream", group.members.front().key.first}, {"records", past.foreign()}});
  }
  published_before out;
  out.labels = labels;
  out.gone = past.gone(committed);
  out.twice = past.twice();
  out.known = past.take_known();
  co_return out;
}

}  // namespace oes
