#pragma once
// Interval labels → network time. Neighbours share their date, so that is parsed once a day of data.
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "model/network.hpp"
#include "model/time.hpp"

namespace oes {

class label_parser {
 public:
  explicit label_parser(network net);

  /// Exactly `YYYY-MM-DDTHH:MM:SS±HH:MM` with the network's own offset, 25 characters. false: use parse().
  bool parse_plain(const char* text, network_time& out);
  /// Any spelling with an offset or `Z`; another offset is converted to the network's. nullopt: not a time, or a year
  /// that no market had.
  [[nodiscard]] std::optional<network_time> parse(std::string_view text) const;

 private:
  static constexpr std::size_t date_size = 11;
  bool learn_date(const char* text);

  std::chrono::minutes offset_;
  std::string offset_text_;
  std::array<char, date_size> date_{};  ///< `YYYY-MM-DDT` of day_
  network_time day_;
};

}  // namespace oes
