#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "config/checks.hpp"
#include "config/nearest.hpp"
#include "config/quantity.hpp"

namespace oes {
namespace {

// https://kafka.apache.org/documentation/#topicconfigs, 3.9 and 4.x.
constexpr std::array<std::string_view, 35> known_settings{"cleanup.policy",
                                                          "compression.gzip.level",
                                                          "compression.lz4.level",
                                                          "compression.type",
                                                          "compression.zstd.level",
                                                          "delete.retention.ms",
                                                          "file.delete.delay.ms",
                                                          "flush.messages",
                                                          "flush.ms",
                                                          "follower.replication.throttled.replicas",
                                                          "index.interval.bytes",
                                                          "leader.replication.throttled.replicas",
                                                          "local.retention.bytes",
                                                          "local.retention.ms",
                                                          "max.compaction.lag.ms",
                                                          "max.message.bytes",
                                                          "message.downconversion.enable",
                                                          "message.format.version",
                                                          "message.timestamp.after.max.ms",
                                                          "message.timestamp.before.max.ms",
                                                          "message.timestamp.difference.max.ms",
                                                          "message.timestamp.type",
                                                          "min.cleanable.dirty.ratio",
                                                          "min.compaction.lag.ms",
                                                          "min.insync.replicas",
                                                          "preallocate",
                                                          "remote.log.copy.disable",
                                                          "remote.log.delete.on.disable",
                                                          "remote.storage.enable",
                                                          "retention.bytes",
                                                          "retention.ms",
                                                          "segment.bytes",
                                                          "segment.index.bytes",
                                                          "segment.jitter.ms",
                                                          "segment.ms"};
constexpr std::string_view unclean = "unclean.leader.election.enable";

struct kind_of_topic {
  const char* section;
  std::string_view policy;  ///< the only one that does; empty: any
  std::string_view why;
};

constexpr std::array kinds{
    kind_of_topic{"kafka.topics.data", "", ""},
    kind_of_topic{"kafka.topics.facilities", "compact",
                  "what does not change is published once, and retention would take it away"},
    kind_of_topic{"kafka.topics.progress", "compact", "progress would be deleted with time"},
};

void check_one(const kind_of_topic& kind, const std::string& name, const std::string& value, source_position at,
               const std::string& key, problem_log& log) {
  const std::vector<std::string> known(known_settings.begin(), known_settings.end());
  if (name == unclean) {
    if (value != "false")
      log.warn(at, key, "acknowledged records may be lost with it: exactly once does not hold then");
  } else if (std::find(known.begin(), known.end(), name) == known.end()) {
    log.warn(at, key, "no setting of topics that Apache Kafka 3.9 or 4 has" + did_you_mean(name, known));
  } else if (name == "cleanup.policy" && !kind.policy.empty() && value != kind.policy) {
    log.fault(at, key, "it must be " + std::string(kind.policy) + ": " + std::string(kind.why));
  } else if (value.empty()) {
    log.fault(at, key, "it is empty");
  }
}

// More copies in sync than there are copies: no write would ever count.
void check_copies(const kind_of_topic& kind, const setting_map& settings, const property_list& config,
                  problem_log& log) {
  const auto& copies = settings.at(std::string(kind.section) + ".replication_factor");
  const auto wanted =
      std::find_if(config.begin(), config.end(), [](const auto& one) { return one.first == "min.insync.replicas"; });
  if (!copies.is_set() || wanted == config.end()) return;
  const auto in_sync = parse_integer(wanted->second);
  if (!in_sync || *in_sync <= as<std::int64_t>(copies.value)) return;
  log.fault(copies.at, copies.key,
            "it is below min.insync.replicas (" + wanted->second + "): nothing could be written");
}

}  // namespace

void check_topic_wishes(const check_subject& subject, problem_log& log) {
  const auto& settings = subject.settings.daemon;
  for (const auto& kind : kinds) {
    const auto& config = settings.at(std::string(kind.section) + ".config");
    if (config.refused) continue;
    const auto& all = as<property_list>(config.value);
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto at = i < config.property_at.size() ? config.property_at[i] : config.at;
      check_one(kind, all[i].first, all[i].second, at, config.key + "." + all[i].first, log);
    }
    check_copies(kind, settings, all, log);
  }
}

}  // namespace oes
