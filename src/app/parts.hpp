#pragma once
// THE COMPOSITION ROOT's list: every part of the daemon, in the order in which it is built. Destroyed in reverse.
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <random>

#include "app/both_sides.hpp"
#include "app/ends_before.hpp"
#include "app/instance.hpp"
#include "app/learn_limits.hpp"
#include "app/own_files.hpp"
#include "app/telling_parts.hpp"
#include "app/topic_schemas.hpp"
#include "async/clock.hpp"
#include "async/event.hpp"
#include "async/failure.hpp"
#include "config/configuration.hpp"
#include "facilities/facility_directory.hpp"
#include "fetch/rest_source.hpp"
#include "groups/request_group.hpp"
#include "model/api_key.hpp"
#include "model/redactor.hpp"
#include "pipeline/facility_keeper.hpp"
#include "progress/kafka_progress.hpp"
#include "progress/progress_store.hpp"
#include "publish/producer_watch.hpp"
#include "publish/publisher.hpp"

namespace oes {

/// Where the API is reached, and as whom.
struct source_parts {
  source_parts(const configuration& config, time_source& clock, logger& log, disk_worker& key_file);
  source_parts(const source_parts&) = delete;
  source_parts& operator=(const source_parts&) = delete;

  api_key key;
  redactor secrets;  ///< every key there was; what shows text of others asks it
  std::unique_ptr<oes::source> source;
};

/// What talks to Kafka.
struct kafka_parts {
  std::shared_ptr<producer_watch> producers;  ///< shared with the publisher's blocking side, which may outlive it
  std::unique_ptr<oes::publisher> publisher;
  std::unique_ptr<progress_store> store;
};

/// How far the daemon is.
struct daemon_state {
  /// Waits for leadership, or to ask for it again: nothing reads the configuration of streams meanwhile.
  bool standing_by = false;
  bool ready = false;  ///< the service manager was told: topics were looked at, or Kafka is waited for
  event stop;          ///< set once: by a signal, or by `run --once` when it is through
};

struct parts {
  explicit parts(configuration settings);

  configuration config;
  instance_name instance;
  boost::asio::io_context loop{1};
  boost::asio::thread_pool blocking{1};  ///< librdkafka's blocking calls and the group consumer
  time_source clock;
  telling_parts telling;
  ends_before crashes;
  own_files files;
  std::vector<request_group> groups;
  facility_directory facilities;  ///< shared by the groups of facility series and their keeper
  source_parts api;
  kafka_parts kafka;
  topic_schemas schemas{{config, groups, clock, telling.log, telling.report, files.schemas}};
  daemon_state state;
  std::mt19937_64 random;
  failure_handler on_failure;  ///< ends the process
};

topic_sight topic_sight_of(parts& all);
progress_sight progress_sight_of(parts& all);
account_access account_access_of(parts& all);

/// On the status board and the page: what is configured, read or not, and nothing that is not.
void show_configured(parts& all);

/// Facility series are configured, or the list itself is a stream.
bool needs_facilities(const configuration& config, const std::vector<request_group>& groups);
/// What the answers of one cycle of facility series may take together.
std::size_t most_facility_bytes(const configuration& config);
/// By stream, those that are named.
std::vector<wanted_facilities> facilities_wanted(const std::vector<stream_spec>& streams);

/// The source alone, for commands that need nothing of Kafka (`run --dry-run`, `check-config --connect`).
/// `disk`: writes that the key was accepted.
std::unique_ptr<source> make_source(const configuration& config, source_surroundings around, disk_worker& disk);
/// The key as it was configured, and the file it came from, if it did.
api_key make_api_key(const configuration& config);

}  // namespace oes
