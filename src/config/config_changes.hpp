#pragma once
// What a changed configuration asks of a daemon that runs: what it can take over, and what it has to refuse. Pure.
#include <string>
#include <string_view>
#include <vector>

#include "config/config_values.hpp"

namespace oes {

/// What becomes of a key that is changed while the daemon runs.
enum class change_rule {
  taken_over,      ///< from the next cycle on
  needs_restart,   ///< what depends on it is made once, at start
  needs_new_name,  ///< it says what a stream is: progress and records of the old one cannot go on under its name
};
change_rule rule_of_daemon_key(std::string_view path);
change_rule rule_of_stream_key(std::string_view path);

struct changed_stream {
  std::string name;
  std::vector<std::string> keys;
};

struct config_changes {
  std::vector<std::string> added;        ///< streams
  std::vector<std::string> removed;      ///< streams
  std::vector<changed_stream> changed;   ///< streams that stay, other than before
  std::vector<std::string> daemon_keys;  ///< of the daemon; properties of librdkafka as `kafka.properties.<name>`
  std::vector<std::string> refused;      ///< a line each: which key, and what to do
  [[nodiscard]] bool none() const {
    return added.empty() && removed.empty() && changed.empty() && daemon_keys.empty() && refused.empty();
  }
};

config_changes compare(const config_values& running, const config_values& wanted);

/// For people, one line: `streams added: wind; streams removed: old; stream nem: trigger; log.level`. Keys and names
/// alone, no value.
std::string line_of(const config_changes& changes);
/// Some of it concerns request groups, which have to pause for it.
bool concerns_streams(const config_changes& changes);
/// Some of it needs topics looked at, or logs in to Kafka in another way.
bool concerns_topics(const config_changes& changes);

}  // namespace oes
