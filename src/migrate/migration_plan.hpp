#pragma once
// What a migration comes to: streams of ours, where they begin, and what is deleted of old tables for it.
#include <optional>
#include <string>
#include <vector>

#include "model/stream.hpp"
#include "model/time.hpp"

namespace oes {

/// Where an old table ends and the stream begins.
struct cut_over {
  network_time start;         ///< the stream's first label
  network_time hole_since;    ///< from here on the old table may have holes
  network_time progress;      ///< what the old job's progress says
  bool is_cut_short = false;  ///< holes lie farther back than the plan reaches
  bool is_asked_for = false;  ///< the start is the operator's: holes from there on are filled by the stream itself
};

/// A network's rows in an old table, whichever of its jobs wrote them: all from one time on are deleted, and published
/// again by the streams.
struct network_cut {
  network net = network::nem;
  network_time start;
  network_time hole_since;
  std::string refusal;              ///< why there is none; empty: there is one
  std::vector<std::string> strays;  ///< what stands in network_region of rows that belong to no region
};

struct migrated_stream {
  std::string name;
  std::string where;  ///< the job's options, as complaints call them
  network net = network::nem;
  std::vector<std::string> metrics;  ///< of one endpoint where `wide`
  interval_size interval = interval_size::m5;
  primary_grouping primary = primary_grouping::network;
  secondary_grouping secondary = secondary_grouping::none;
  std::string start;  ///< as a configuration has it
  network_time from;  ///< the same, at the time of the migration
  bool wide = false;
  bool own_topic = false;
  std::optional<double> batch_size_hours;
  std::optional<cut_over> cut;       ///< where a progress file said how far the old table goes
  std::vector<std::string> remarks;  ///< a sentence or two each, for the file and for the terminal
};

struct migration {
  std::vector<migrated_stream> streams;
  std::vector<network_cut> cuts;     ///< of the networks of which a progress file was read
  std::string base_url;              ///< empty: the usual one
  std::vector<std::string> remarks;  ///< of all of it
};

}  // namespace oes
