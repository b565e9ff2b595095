#pragma once
// ADAPTER of progress_store: the compacted progress topic as authority, progress.json as its mirror.
#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "files/disk_worker.hpp"
#include "kafka/connection_settings.hpp"
#include "progress/progress_file.hpp"
#include "progress/progress_store.hpp"
#include "telemetry/log.hpp"

namespace oes {

struct progress_settings : connection_settings {
  std::string topic;
  std::string folder;  ///< progress_path
  /// As which topics are read. read_uncommitted with the mock broker, which does not implement the other.
  isolation_level level = isolation_level::read_committed;
  std::chrono::milliseconds transaction_timeout = std::chrono::seconds(30);  ///< deadline is 2 × this + 15 s
  mirrored_delivery delivery = mirrored_delivery::exactly_once;              ///< noted in progress.json
};

/// `blocking`: where librdkafka's blocking calls may run (one thread), in slices of about 100 ms with room for others
/// in between; results come back on the caller's executor. `log` and the executor's thread must outlive a load that was
/// cancelled, by the length of a slice.
/// `mirrored`: told on the disk's thread how progress.json was written, also where that was called late.
std::unique_ptr<progress_store> make_kafka_progress_store(progress_settings settings,
                                                          boost::asio::any_io_executor blocking, logger& log,
                                                          disk_worker::listener mirrored = {});

}  // namespace oes
