#pragma once
// What a read_committed reader finds at the end, held against what the API served, and to whom.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/range_set.hpp"
#include "simulation/api/served_log.hpp"
#include "simulation/api/served_world.hpp"
#include "simulation/kafka/cluster.hpp"

namespace oes::simulation {

struct wanted_points {
  std::string topic;
  std::string metric;
  network_time first;               ///< label
  network_time complete;            ///< labels before it must be there, with their newest value
  utc_time served_until;            ///< values that came later need not be there yet
  std::chrono::seconds back{};      ///< read again with each poll
  std::chrono::seconds compared{};  ///< … from time to time: what an answer tells of it is followed
  bool nulls = false;               ///< also where no number was before
  bool first_only = false;          ///< of each point, no later value
  /// An operator had the stream begin again: what it knew of its numbers is gone, and so is that one was taken back.
  bool began_again = false;
  std::vector<std::string> asked_with = {};  ///< follow_question
  bool asked_alike = false;                  ///< others ask for just the same: whom an answer went to it does not tell
};

/// Labels of which an operator was told that they are done.
struct asked_points {
  std::string topic;
  std::string metric;
  time_range labels;
  utc_time since;        ///< by the API's time, when the command began that said so
  virtual_time asked{};  ///< the same instant
  /// Set where what was there already was compared with what is served: but for the newest so and so much, which the
  /// stream follows itself.
  std::optional<std::chrono::seconds> compared_behind;
};

/// An operator had a stream begin again: what lay behind may be published once more, with revisions from 0 on.
struct published_again {
  std::string stream;
  network_time from;
  std::size_t times = 0;
};

struct check_report {
  std::vector<std::string> violations;
  std::size_t records = 0;
  std::size_t points = 0;
  std::size_t excused = 0;  ///< points that need not be there: an answer left them out, and nobody was told since
};

struct check_question {
  const cluster& kafka;
  const served_world& api;
  const std::vector<served_answer>& log;
  std::function<utc_time(virtual_time)> api_time;
  std::vector<wanted_points> wanted;
  std::vector<asked_points> asked;
  std::vector<published_again> again;
  network_time whole_from = network_time::min();  ///< of labels before it, Kafka has lost some records
  bool repeats = false;                           ///< are allowed: at_least_once
  bool first_only = false;                        ///< no revisions
  /// Of labels before whole_from too. Not where the lost records were versioned by an API that told a later time.
  bool versions_rise = true;
};

check_report check_topics(const check_question& question);

}  // namespace oes::simulation
