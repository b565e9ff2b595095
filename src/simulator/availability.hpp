#pragma once
// When rows come into being, and when they change. Pure: a row's whole life follows from seed, row and label, so that
// the state at any simulated instant needs no memory, and a week costs nothing.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "model/network.hpp"
#include "model/time.hpp"
#include "simulator/outages.hpp"
#include "simulator/realism.hpp"

namespace oes::sim {

/// What arrives and is rewritten together: a region's fueltech (data) or a region (market).
struct row_group {
  table from = table::data;
  network net = network::nem;  ///< nem or wem: whose clock the labels are on
  std::uint64_t identity = 0;
  std::uint64_t region = 0;
  bool rooftop = false;
};

/// One moment of a row's life.
struct change {
  utc_time at;
  bool appears = false;     ///< the row exists from now on
  bool rates = false;       ///< power, price, demand … take a new value
  bool quantities = false;  ///< energy and what derives from it take a new value
  bool completes = false;   ///< market: columns that were null at the edge are filled
};

/// A row's life: what happens to it and when, in no particular order.
class timeline {
 public:
  void add(const change& c) { changes_[count_++] = c; }
  [[nodiscard]] std::span<const change> changes() const& { return {changes_.data(), count_}; }
  void changes() && = delete;   // the span would outlive its timeline
  bool starts_partial = false;  ///< some market columns are null until `completes`
  bool null_values = false;     ///< a hole of the kind that has rows without readings

 private:
  std::array<change, 32> changes_{};
  std::size_t count_ = 0;
};

/// A row as it stands at one instant.
struct row_state {
  bool present = false;
  bool partial = false;
  bool null_values = false;
  std::uint32_t rates_version = 0;  ///< values are a function of (unit, label, version)
  std::uint32_t quantities_version = 0;
};

/// The whole life of the row at `label`.
timeline timeline_of(const row_group& row, network_time label, const realism& how);
row_state state_at(const timeline& life, utc_time now);

/// Newest label at which the network's table can have rows at `now`, outages and lateness left aside.
network_time newest_possible_label(table from, network net, utc_time now);

}  // namespace oes::sim
