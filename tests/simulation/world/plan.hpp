#pragma once
// What a seed draws: the shape of a world, and what goes wrong in it.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/re_read.hpp"
#include "simulation/api/served_grid.hpp"
#include "simulation/kafka/cluster.hpp"
#include "simulation/world/data_loss.hpp"
#include "simulation/world/disk_troubles.hpp"
#include "simulation/world/right_troubles.hpp"

namespace oes::simulation {

struct trouble {
  enum class kind {
    kill,        ///< kill -9 at an instant
    kill_at,     ///< … where the process passes its so-and-so-many-th fault point from here on
    throw_at,    ///< … and there the code throws what nobody expects
    stop_clean,  ///< SIGTERM
    freeze,      ///< SIGSTOP, and SIGCONT later
    hold,        ///< at each of the next fault points that the process passes its thread waits
    cut_off,     ///< one host from Kafka
    kafka_away,  ///< every broker
    clock_set,   ///< of one host, while its process runs
    compaction,  ///< of the progress topic
    wire,        ///< what becomes of the next requests of one kind
    api_away,
    wrong_date,  ///< the API's answers name another time
    disk,        ///< of one host, or the files on it
    power_cut,   ///< of one host
    right,       ///< is taken, and given back
    partitions,  ///< are added to a data topic
  };
  kind what = kind::kill;
  std::chrono::milliseconds at{};
  std::chrono::milliseconds lasts{};
  int instance = 0;
  bool of_leader = false;  ///< of whoever leads then, instead
  int passings = 0;
  std::chrono::minutes off{};  ///< of the Date, or a host's clock
  int request = 0;             ///< wire: an api_key
  request_order::kind fate = request_order::kind::lose_request;
  disk_trouble of_disk = disk_trouble::full;
  right taken = right::write_data;
};

/// What an operator has a daemon do while all of them run; asked again until it is done.
struct operator_wish {
  enum class kind {
    backfill,
    refresh,
    seek,   ///< back to its start
    reset,  ///< of the stream's progress: it begins again
  };
  kind what = kind::backfill;
  std::chrono::milliseconds at{};
  std::size_t stream = 0;
  std::chrono::minutes from{};  ///< the labels, from the stream's start on
  std::chrono::minutes to{};
};

/// What is changed in the configuration file while daemons run; each is then asked to reload it.
struct config_change {
  enum class kind {
    add_stream,
    drop_stream,
    bring_back,  ///< the stream that was dropped
    add_metric,
    re_read,
    trigger,
  };
  kind what = kind::add_stream;
  std::chrono::milliseconds at{};
  std::size_t stream = 0;
};

struct world_plan {
  std::uint64_t seed = 0;
  int instances = 1;
  int regions = 1;
  std::vector<std::vector<std::string>> streams;  ///< metrics of each
  std::size_t max_transaction_records = 50'000;
  int data_partitions = 1;
  std::chrono::seconds starts_before{1800};  ///< of the API's time, before the world's beginning
  double speed = 60;                         ///< of the API's time
  int request_lost = 0;                      ///< of requests to Kafka, in thousandths; likewise the others
  int reply_lost = 0;
  int request_late = 0;
  int api_failing = 0;
  int api_lying = 0;
  std::chrono::minutes begins_at{};  ///< after midnight, UTC, by the API's time
  std::vector<re_read> re_reads;     ///< of all streams; empty: the usual ones
  std::chrono::seconds gap_retry{std::chrono::hours(24)};
  std::chrono::seconds trouble_ends{60};
  std::chrono::seconds ends{120};
  std::vector<trouble> troubles;
  data_loss loss;
  bool one_topic = false;  ///< for all streams of a dataset
  std::chrono::seconds idle_retirement{std::chrono::hours(1)};
  bool impatient = false;                  ///< with Kafka: transactions and messages have seconds
  std::chrono::milliseconds stable_lag{};  ///< of what readers see of a transaction's end
  std::chrono::minutes every{5};           ///< the API has a label in so many, of those that are asked for
  bool wide = false;                       ///< streams of two metrics have a record for both
  served_grid grid;                        ///< of all streams
  bool nulls = false;                      ///< the API has some
  bool publish_nulls = false;              ///< also of what had no number before
  bool first_only = false;                 ///< no revisions
  bool by_network = false;                 ///< one series of all regions
  bool provisional = false;                ///< the newest interval is published before it is over
  bool at_least_once = false;              ///< no transactions
  std::optional<int> credits;              ///< of the API key, until midnight (UTC); nullopt: without end
  bool credits_told = true;                ///< by /me
  std::chrono::minutes list_every{};       ///< the list of facilities is read; 0: it is not published
  bool tombstones = false;                 ///< for units that are not listed any more
  std::vector<operator_wish> wishes;
  std::vector<config_change> changes;                 ///< by their time
  std::optional<std::chrono::milliseconds> repaired;  ///< when the API has other values for old labels
};

world_plan draw_plan(std::uint64_t seed);
std::string describe(const world_plan& plan);
std::string_view name(trouble::kind kind);
std::string describe(const trouble& one);
std::string describe(const operator_wish& one);
std::string describe(const config_change& one);

}  // namespace oes::simulation
