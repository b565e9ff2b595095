#pragma once
// What was published of a member, point by point: the values in which the ledger travels to the progress topic and
// back.
#include <cstdint>
#include <map>
#include <vector>

#include "model/answer.hpp"
#include "model/progress.hpp"
#include "model/time.hpp"

namespace oes {

/// One published point: which series (its id in the member's dictionary), what was published last, and how often.
struct ledger_cell {
  std::uint64_t value_hash = 0;  ///< never 0
  std::uint16_t series = 0;
  std::uint16_t revision = 0;  ///< of the newest record
  bool operator==(const ledger_cell&) const = default;
};

/// All published points of one label.
struct ledger_row {
  network_time label;
  std::vector<ledger_cell> cells;
  bool operator==(const ledger_row&) const = default;
};

/// A series' id, handed out once and kept for ever.
struct dictionary_entry {
  std::uint16_t series = 0;
  series_labels labels;
  bool operator==(const dictionary_entry&) const = default;
};

/// A member's ledger as the progress topic holds it.
struct ledger_image {
  std::map<network_time, std::vector<ledger_cell>> rows;
  std::map<std::uint16_t, series_labels> dictionary;
  bool operator==(const ledger_image&) const = default;
};
using ledger_book = std::map<member_key, ledger_image>;

/// A member's; else the list of facilities', which is kept under a name that no stream can have: it holds a blank.
inline bool is_of_stream(const member_key& key) { return key.first.find(' ') == std::string::npos; }

/// What one transaction changes in a member's ledger.
struct ledger_update {
  member_key member;
  std::vector<dictionary_entry> dictionary;
  std::vector<ledger_row> rows;         ///< each replaces the label's row
  std::vector<network_time> forgotten;  ///< labels that are no longer compared
};

/// Everything that the progress topic holds.
struct stored_progress {
  progress_snapshot snapshot;
  ledger_book ledger;
};

}  // namespace oes
