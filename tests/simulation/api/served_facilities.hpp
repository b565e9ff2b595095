#pragma once
// The list of facilities as the API has it: every state of every unit with the instant from which it is listed so, a
// function of the seed.
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "model/facility.hpp"
#include "model/time.hpp"

namespace oes::simulation {

struct listed_state {
  utc_time from;
  std::string text;  ///< `operating 120.5`: status and capacity; empty: the list does not have the unit
};

class served_facilities {
 public:
  /// What changes does so between `from` and `until`.
  served_facilities(std::uint64_t seed, utc_time from, utc_time until)
      : seed_(seed), from_(from), span_(until - from) {}

  static constexpr int units = 18;
  /// So many are enough of a list that is cut short not to be believed.
  static constexpr std::size_t cut_short = 5;

  /// In their order; neighbours differ.
  [[nodiscard]] std::vector<listed_state> states(int unit) const;
  [[nodiscard]] facility_list list(utc_time now) const;
  /// As the key of its records has it: `F1|U4`.
  static std::string name_of(int unit);

 private:
  std::uint64_t seed_;
  utc_time from_;
  std::chrono::microseconds span_;
};

}  // namespace oes::simulation
