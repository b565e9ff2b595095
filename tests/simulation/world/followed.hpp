#pragma once
// Which answers a deployment had to follow: those that went to its leader while it went on to commit.
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "simulation/api/served_log.hpp"
#include "simulation/kafka/cluster.hpp"
#include "simulation/world/found_records.hpp"

namespace oes::simulation {

/// How far a topic's committed records of a metric reached, or what was told of it, and when.
class rising_edge {
 public:
  /// The newest label; network_time::min() before the first.
  [[nodiscard]] network_time at(virtual_time when) const;

  static rising_edge of_records(const found_points& found, const std::string& topic, const std::string& metric);
  static rising_edge of_answers(const std::vector<served_answer>& log, const std::string& metric);

 private:
  explicit rising_edge(std::vector<std::pair<virtual_time, network_time>> seen);
  std::vector<std::pair<virtual_time, network_time>> rises_;
};

/// Whom it reached was the writer then, and committed again before anybody else became it. What a leader that was
/// killed or deposed was told is told again to its successor, or left out.
bool had_to_be_followed(const served_answer& answer, const std::vector<writer_event>& writers);

struct follow_question {
  std::string topic;
  std::string metric;
  utc_time until;                   ///< what was served later need not be there yet
  std::chrono::seconds compared{};  ///< how far behind its edge a member compares what it is told
  served_grid grid;
  /// The metrics of a request, where others ask for this one too: what those are told is not told to it. Empty: any.
  std::vector<std::string> asked_with = {};
};

/// By region and label, what the last answer that had to be followed says; "": it left the point out.
std::map<std::pair<std::string, network_time>, std::string> last_told(const follow_question& q,
                                                                      const std::vector<served_answer>& log,
                                                                      const std::vector<writer_event>& writers,
                                                                      const found_points& found);

}  // namespace oes::simulation
