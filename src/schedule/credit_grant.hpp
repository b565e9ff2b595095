#pragma once
// Credits for requests that go together, since the answer of one alone is of no use: granted all at once, or not at
// all.
#include <cstddef>
#include <cstdint>

#include "schedule/rationing.hpp"

namespace oes {

/// What of them has not been asked for in the end is free for others again. Outlived by the ration.
class credit_grant {
 public:
  credit_grant(rationing& from, spend_on purpose, std::size_t requests)
      : from_(from), purpose_(purpose), wanted_(static_cast<std::int64_t>(requests)) {}
  credit_grant(const credit_grant&) = delete;
  credit_grant& operator=(const credit_grant&) = delete;
  ~credit_grant();

  /// May the next request leave? As rationing::spend(). The first one asks for all; one more than was granted is
  /// let go in any case, since what has been read would be lost without it.
  asked_credit next(const moment& at);
  [[nodiscard]] spend_on purpose() const { return purpose_; }

 private:
  rationing& from_;
  spend_on purpose_;
  std::int64_t wanted_;
  std::int64_t kept_ = 0;  ///< granted, and not asked for yet
  bool is_granted_ = false;
};

}  // namespace oes
