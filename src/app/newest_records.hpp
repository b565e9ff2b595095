#pragma once
// In which format a topic holds this program's records, as its newest ones tell. Records of others do not count.
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "groups/request_group.hpp"
#include "kafka/topic_scan.hpp"
#include "model/error.hpp"
#include "model/stream.hpp"
#include "progress/kafka_progress.hpp"
#include "telemetry/log.hpp"
#include "verify/record_identity.hpp"

namespace oes {

/// By the id in their frames, some records of Avro, without the frame.
using written_records = std::map<std::int32_t, std::vector<std::string>>;

struct newest_records {
  bool json = false;
  bool avro = false;
  written_records own;  ///< of the own series alone
};

/// Topics to look at, each with the series that its own streams publish there: another deployment's may be in the topic
/// too, and what their schemas are is not its business. No series: every key of this program is own, as in the list of
/// facilities.
using own_series_by_topic = std::map<std::string, std::vector<record_identity>>;
/// What the groups publish in a topic.
std::vector<record_identity> own_series(const std::vector<request_group>& groups, const std::string& topic);

/// They are of another format, all or some.
inline bool is_other(const newest_records& there, record_format wanted) {
  return wanted == record_format::avro ? there.json : there.avro;
}

/// Whether a key is one of this program's, whoever's stream it is of.
bool is_key_of_ours(std::string_view key);

/// By topic: what it holds, or why that cannot be told. Errors: kafka_unavailable (not finished in time, or away);
/// kafka_refused (the right to read it is missing).
using newest_by_topic = std::map<std::string, result<newest_records>>;

/// Of each partition the newest record of ours, among its last 100,000; of all topics in one go. Those of transactions
/// that are open or aborted count too: nobody's open one holds this up. A topic that is not there holds none. Blocking,
/// on whatever thread.
newest_by_topic look_at_newest(const progress_settings& settings, const own_series_by_topic& topics, logger& log);
/// The same on a thread of its own, which a wait that ends leaves alone; it logs errors alone.
boost::asio::awaitable<newest_by_topic> look_at_newest_on_thread(progress_settings settings,
                                                                 telemetry_settings telemetry,
                                                                 own_series_by_topic topics);

}  // namespace oes
