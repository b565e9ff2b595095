#include "app/published_before.hpp"

#include <algorithm>
#include <atomic>
#include <set>

#include "async/blocking.hpp"
#include "async/race.hpp"
#include "model/answer_bounds.hpp"
#include "progress/data_point.hpp"
#include "progress/kafka_topic_scan.hpp"
#include "progress/member_text.hpp"
#include "records/value_hash.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

// One member's part of the topics.
struct member_past {
  member_key key;
  network net;
  ledger known;
  std::map<network_time, std::int64_t> oldest;  ///< version of each label's oldest record that is there
};

class past_reader {
 public:
  past_reader(const request_group& group, const std::vector<std::size_t>& members, time_range labels)
      : labels_(labels), columns_(group.members.front().metrics) {
    for (const auto member : members) {
      const auto& who = group.members[member];
      topics_.insert(who.options.topic);
      members_.push_back({who.key, group.identity.net, ledger(group.identity.interval), {}});
      // From the oldest label on: the ledger need not grow towards the front.
      auto& known = members_.back().known;
      known.put(known.add({}), labels.begin, {});
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
      return one.key.first == point->stream && one.key.second == point->metric;
    });
    if (found == members_.end()) return;
    auto& known = found->known;
    const auto id = known.find(point->labels);
    if (!id && known.series() >= most_series_of_a_member) {
      too_many_ = member_name(found->key);
      return;
    }
    // A partition's records of a key rise in version: the last one is the newest.
    known.put(
        id ? *id : known.add(point->labels), point->interval,
        {point->number.empty() ? null_hash : value_hash(point->number), static_cast<std::uint16_t>(point->revision)});
    const auto [oldest, first] = found->oldest.try_emplace(point->interval, point->version);
    if (!first) oldest->second = std::min(oldest->second, point->version);
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
          const auto found = one.oldest.find(at);
          if (found == one.oldest.end() || found->second < lost_before_) missing.add({at, bucket_add(at, interval, 1)});
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
    for (auto& one : members_) out.push_back(std::move(one.known));
    return out;
  }

 private:
  void see_first(const scanned_record& record, std::int64_t version, const topic_extents& extents) {
    if (!seen_.insert({record.topic, record.partition}).second) return;
    const auto extent = extents.find(record.topic);
    if (extent == extents.end() || !extent->second.thinned.contains(record.partition)) return;
    lost_before_ = std::max(lost_before_, version);
  }

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
  out.known = past.take_known();
  co_return out;
}

}  // namespace oes
