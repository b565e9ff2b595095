#pragma once
// What ended the processes before this one, by coroutine: which of them is set apart now, and until when. Loop only.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "progress/unexpected_ends.hpp"
#include "telemetry/log.hpp"

namespace oes {

struct set_apart {
  utc_time until;
  std::string why;
};

class ends_before {
 public:
  /// Reads the file in `folder`.
  ends_before(std::string folder, logger& log);

  /// nullopt: begin at once.
  [[nodiscard]] std::optional<set_apart> of(std::string_view who, utc_time now) const;
  /// Its work succeeded: what was before counts no more. Cheap where there was nothing.
  void went_well(std::string_view who);

 private:
  std::string folder_;
  logger& log_;
  std::vector<unexpected_end> ends_;
};

}  // namespace oes
