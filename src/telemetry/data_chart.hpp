#pragma once
// The last 24 hours of the data itself, for the page: of each network, generation and prices as one stream each has
// them. Filled from answers, whether a value is new or not. Loop thread only.
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/network.hpp"
#include "model/time.hpp"

namespace oes {

enum class chart_part { generation, price };

/// Which stream a part of a network's chart is drawn from; chosen by report/chart_sources.
struct chart_source {
  network net = network::nem;
  chart_part part = chart_part::generation;
  std::string stream;
  std::string metric;
  std::string unit = {};
  std::string scope = {};          ///< the region where it is of one alone; empty: of the network
  std::chrono::seconds step{300};  ///< between two labels
  bool operator==(const chart_source&) const = default;
};

/// One layer of the stack, or one line; a value for each label, NaN where there is none.
struct chart_layer {
  std::string name;  ///< fueltech group, or region
  std::vector<float> values;
};

/// A part as it is to be drawn: labels ascend by the source's step; a label only when all its series are there.
struct chart_curves {
  chart_source source;
  network_time first;  ///< label of the first value
  std::vector<chart_layer> layers;
  std::size_t complete = 0;  ///< labels that have values
};

class data_chart {
 public:
  /// What is drawn from now on; what is known of a source that stays is kept.
  void follow(std::vector<chart_source> sources);
  /// Those of this stream and metric.
  [[nodiscard]] std::vector<std::size_t> sources_of(const std::string& stream, const std::string& metric) const;
  [[nodiscard]] const chart_source& source(std::size_t index) const { return kept_.at(index).source; }
  /// Labels before this are of no use to the source any more.
  [[nodiscard]] network_time useful_from(std::size_t index, network_time newest) const;
  /// A value of a series, which belongs to a layer; nullopt: null.
  void add(std::size_t index, const std::string& layer, const std::string& series, network_time label,
           std::optional<double> value);
  void set_unit(std::size_t index, const std::string& unit) { kept_.at(index).source.unit = unit; }
  /// All parts that have something to show, by network.
  [[nodiscard]] std::vector<chart_curves> curves(utc_time now) const;
  /// What it takes, at most 2 MiB with the history together.
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct cells {
    network_time first;         ///< label of the first value it ever had
    network_time last;          ///< and of the newest
    std::vector<float> values;  ///< by slot; NaN: none
  };
  struct kept_source {
    chart_source source;
    std::map<std::pair<std::string, std::string>, cells> series;  ///< by (layer, series)
    std::optional<network_time> newest;
  };

  [[nodiscard]] static std::size_t slots(const chart_source& source);
  [[nodiscard]] static std::size_t slot_of(const chart_source& source, network_time label);
  static void make_room(kept_source& kept, network_time label);

  std::vector<kept_source> kept_;
};

}  // namespace oes
