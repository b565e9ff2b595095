#pragma once
// Topics as a broker tells of them, and as it is told to make them.
#include <cstdint>
#include <map>
#include <string>

namespace oes {

struct topic_facts {
  int partitions = 0;
  int replication = 0;
  /// What promises depend on, from cleanup.policy to unclean.leader.election.enable; empty if not readable
  std::map<std::string, std::string> settings;
  std::int64_t records_low = 0;   ///< sum of the partitions' low watermarks
  std::int64_t records_high = 0;  ///< sum of the partitions' high watermarks (markers count)
  bool measured = true;           ///< else nobody knows whether it holds records
  [[nodiscard]] bool empty() const { return measured && records_high == records_low; }
};

struct topic_plan {
  std::string name;
  int partitions = 1;
  int replication = 1;
  std::map<std::string, std::string> settings;
};

}  // namespace oes
