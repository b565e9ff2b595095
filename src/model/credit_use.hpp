#pragma once
// How much of a credit day an API key has spent: what budget.json and the progress topic keep of it.
#include <cstdint>
#include <string>

#include "model/time.hpp"

namespace oes {

struct credit_use {
  utc_time day_began;     ///< when the credit day began (or was seen to begin)
  std::int64_t used = 0;  ///< requests sent since, by every daemon of the deployment
  std::string plan = {};  ///< as `/me` told it; empty: it has not. Kept in budget.json only
  bool operator==(const credit_use&) const = default;
};

}  // namespace oes
