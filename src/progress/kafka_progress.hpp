#pragma once
// ADAPTER of progress_store: the compacted progress topic as authority, progress.json as its mirror.
#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "files/disk_worker.hpp"
#include "progress/progress_settings.hpp"
#include "progress/progress_store.hpp"
#include "telemetry/log.hpp"

namespace oes {

/// `blocking`: where librdkafka's blocking calls may run (one thread), in slices of about 100 ms with room for others
/// in between; results come back on the caller's executor. `log` and the executor's thread must outlive a load that was
/// cancelled, by the length of a slice.
/// `mirrored`: told on the disk's thread how progress.json was written, also where that was called late.
std::unique_ptr<progress_store> make_kafka_progress_store(progress_settings settings,
                                                          boost::asio::any_io_executor blocking, logger& log,
                                                          disk_worker::listener mirrored = {});

}  // namespace oes
