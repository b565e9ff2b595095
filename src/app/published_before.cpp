#include "app/published_before.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/thread_pool.hpp>

#include "app/past_reader.hpp"
#include "async/blocking.hpp"
#include "async/race.hpp"
#include "commit/patient_look.hpp"
#include "kafka/topic_scan.hpp"
#include "progress/less_than_known.hpp"
#include "progress/operator_reason.hpp"
#include "registry/schema_lookup.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

// What one reading works with. On the loop and on its own thread by turns, never both.
struct reading {
  const topic_access& by;
  past_reader& past;
  last_offsets committed;    ///< offsets of records, progress topic included
  asio::any_io_executor on;  ///< its own thread
  std::atomic<bool> stop = false;
  topic_extents extents = {};  ///< what is read
  std::string missing = {};    ///< of what is committed, as of the last look
};

last_offsets committed_of(const progress_snapshot& committed, const std::string& progress_topic) {
  auto out = committed.state.written;
  if (committed.place.offset >= 0) out[progress_topic][0] = committed.place.offset;
  return out;
}

// A partition that holds committed records, and that the broker which was asked does not know; empty: none.
std::string unknown_in(const topic_extents& found, const last_offsets& committed) {
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
  topics.push_back(job.by.kafka.topic);
  auto extents = measure_topics(job.by.kafka, topics, job.by.log);
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
  std::vector<kept_reason> changes;
  const scan_watch reasons{[&changes](const scanned_record& record) {
                             auto reason = decode_reason(record.key, record.value);
                             if (reason && *reason) changes.push_back(std::move(**reason));
                           },
                           [](auto, auto) {}, goes_on};
  auto data = job.extents;
  const topic_extents progress{{job.by.kafka.topic, data.at(job.by.kafka.topic)}};
  data.erase(job.by.kafka.topic);
  const auto asked = scan_topics(job.by.kafka, job.by.kafka.level, progress, reasons, job.by.log);
  if (!asked) return asked.error();
  job.past.begin(changes);
  const scan_watch watch{[&](const scanned_record& record) { job.past.take(record, data); }, [](auto, auto) {},
                         goes_on};
  for (const auto& part : job.past.parts_of(data)) {
    const auto read = scan_topics(job.by.kafka, job.by.kafka.level, part, watch, job.by.log);
    if (!read) return read.error();
  }
  job.past.end(data);
  return {};
}

asio::awaitable<result<glimpse>> measure_on_thread(reading& job) {
  std::function<result<glimpse>()> work = [&job] { return measure(job); };
  auto there = job.on;
  auto measuring = run_blocking(std::move(there), std::move(work));
  auto seen = co_await std::move(measuring);
  co_return seen;
}

asio::awaitable<result<void>> read_patiently(reading& job, look_patience how) {
  auto& log = job.by.log;
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

asio::awaitable<result<published_before>> read_published(topic_access by, event& tap, const request_group& group,
                                                         std::vector<member_labels> asked,
                                                         const progress_snapshot& committed, label_places& places,
                                                         look_patience how) {
  past_reader past(group, std::move(asked), avro::record_decoder(schema_lookup(by.registry)), places);
  asio::thread_pool thread(1);
  reading job{by, past, committed_of(committed, by.kafka.topic), thread.get_executor()};
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
    by.log.warn("records in the data topics are not of this program: left out",
                {{"stream", group.members.front().key.first}, {"records", past.foreign()}});
  }
  published_before out;
  out.gone = past.gone(committed.state.members);
  // With at_least_once a batch may repeat: what was published last is the newest version, as for every reader.
  if (by.kafka.delivery == mirrored_delivery::exactly_once) out.twice = past.twice();
  out.known = past.take_known();
  out.until = past.until();
  co_return out;
}

}  // namespace oes
