#pragma once
// Records keep the name that their stream had when they were published; `progress rename` leaves a reason in the
// progress topic that tells what it is called today. Pure.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "progress/operator_reason.hpp"

namespace oes {

class former_names {
 public:
  former_names() = default;
  explicit former_names(const std::vector<kept_reason>& reasons);

  /// Today's name of the stream that published a record of this version under `stream`.
  [[nodiscard]] std::string today(std::string stream, std::int64_t version) const;

 private:
  struct renaming {
    std::int64_t last_version = 0;  ///< records up to it have the old name
    std::string from;
    std::string to;
  };
  std::vector<renaming> renamings_;  ///< the oldest first
};

}  // namespace oes
