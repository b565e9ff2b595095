#pragma once
// In which format a topic holds this program's records, as its newest ones tell. Records of others do not count.
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "kafka/topic_scan.hpp"
#include "model/error.hpp"
#include "model/stream.hpp"
#include "progress/kafka_progress.hpp"

namespace oes {

struct newest_records {
  bool json = false;
  std::set<std::int32_t> schemas;  ///< ids in the frames of Avro
};

/// They are of another format, all or some.
inline bool is_other(const newest_records& there, record_format wanted) {
  return wanted == record_format::avro ? there.json : !there.schemas.empty();
}

/// Whether a key is one of this program's, whoever's stream it is of.
bool is_key_of_ours(std::string_view key);

/// Of each partition the newest record of ours, among its last 100,000. Blocking, on whatever thread. A topic that is
/// not there holds none. Errors: kafka_unavailable (not finished in time), kafka_refused.
result<newest_records> look_at_newest(const progress_settings& settings, const std::string& topic, logger& log);
/// The same on a thread of its own.
boost::asio::awaitable<result<newest_records>> look_at_newest_on_thread(progress_settings settings, std::string topic,
                                                                        logger& log);

}  // namespace oes
